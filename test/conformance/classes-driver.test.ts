/** The driver itself: it must find what differs, and say where. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { classesDriver } from './classes-driver.ts';
import { VectorArguments } from './vector-arguments.ts';
import type { VectorResult } from './driver.ts';
import { runVector } from './vector-runner.ts';
import { VectorFormatError } from './vector-format-error.ts';

type Line = Record<string, unknown>;

function vector(name: string, folder = 'classes'): Line[] {
  const file = fileURLToPath(new URL(`./${folder}/${name}.jsonl`, import.meta.url));
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** Index of the first line with this operation that calls the dispatcher. */
function lineWithCalls(lines: readonly Line[], op: string): number {
  return lines.findIndex((line) => line.op === op && line.calls !== undefined);
}

function difference(result: VectorResult): { line: number; path: string; expected: string; found: string } {
  if (result.passed) throw new Error('the vector passed');
  const { line, path, expected, found } = result.difference;
  return { line, path, expected, found };
}

/** Runs operations without their outcomes. */
function step(lines: readonly Line[]): void {
  const subject = classesDriver.open(new VectorArguments(lines[0]!, 1));
  lines.slice(1).forEach((line, index) => subject.step(line, index + 2));
}

describe('the class driver', () => {
  it('passes a vector that is as recorded', () => {
    const lines = vector('fork');
    expect(runVector(classesDriver, lines)).toEqual({ passed: true, operations: lines.length - 1 });
  });

  it('finds calls in another order, a missing call and one too many', () => {
    for (const change of [
      (calls: unknown[]) => [...calls].reverse(),
      (calls: unknown[]) => calls.slice(1),
      (calls: unknown[]) => [...calls, ['swtch']],
      () => undefined,
    ]) {
      const lines = vector('fork');
      const at = lineWithCalls(lines, 'forkret');
      lines[at]!.calls = change(lines[at]!.calls as unknown[]);
      expect(difference(runVector(classesDriver, lines))).toMatchObject({
        line: at + 1,
        path: expect.stringMatching(/^calls/) as string,
      });
    }
  });

  it('finds a change that the vector does not mention, and one that does not happen', () => {
    const lines = vector('yield');
    const at = lineWithCalls(lines, 'yield');
    const { after } = lines[at]!;
    lines[at]!.after = {};
    expect(difference(runVector(classesDriver, lines)).path).toMatch(/^state\.threads\./);
    lines[at]!.after = { ...(after as Line), lbolt: 77 };
    expect(difference(runVector(classesDriver, lines))).toEqual({
      line: at + 1,
      path: 'state.lbolt',
      expected: '77',
      found: '0',
    });
  });

  it('finds a wrong result and a wrong stored result', () => {
    for (const [member, wrong] of [
      ['ret', 99],
      ['retval', 99],
      ['retval', undefined],
    ] as const) {
      const lines = vector('nice-priocntl');
      const at = lines.findIndex((line) => line.op === 'donice' && line.retval !== undefined);
      lines[at]![member] = wrong;
      expect(difference(runVector(classesDriver, lines))).toMatchObject({ line: at + 1, path: member });
    }
  });

  it('finds an assertion that does not fail, and one that fails unasked', () => {
    const asserting = vector('assert-tick-plock');
    const last = asserting.length - 1;
    delete asserting[last]!.nolock;
    expect(difference(runVector(classesDriver, asserting))).toMatchObject({
      path: 'assert',
      found: 'the call returned',
    });
    const ticking = vector('quantum-demotion');
    const tick = ticking.findIndex((line) => line.op === 'tick');
    ticking[tick]!.nolock = 1;
    expect(difference(runVector(classesDriver, ticking))).toMatchObject({
      line: tick + 1,
      path: 'assert',
      found: 'assertion: MUTEX_HELD(&(ttoproc(t))->p_lock)',
    });
  });

  it('compares built-in tables with those of the header', () => {
    const lines = vector('yield');
    (lines[0]!.dptbl as number[][])[12]![1] = 17;
    expect(difference(runVector(classesDriver, lines))).toEqual({
      line: 1,
      path: 'dptbl.12.1',
      expected: '17',
      found: '16',
    });
  });

  it('finds a wrong account of FSS, to the last bit of 64', () => {
    const lines = vector('fss-wide', 'fss-rt');
    const account = (line: Line): { usage?: string } | undefined =>
      (line.after as { fss?: { projs?: Record<string, { usage?: string }> } }).fss?.projs?.['0.1'];
    const at = lines.findIndex((line) => line.op === 'update' && account(line)?.usage !== undefined);
    const usage = account(lines[at]!)!;
    usage.usage = String(BigInt(usage.usage!) ^ 1n);
    expect(difference(runVector(classesDriver, lines))).toMatchObject({
      line: at + 1,
      path: 'state.fss.projs.0.1.usage',
    });
  });

  it('takes the quantum of FSS from the header', () => {
    const lines = vector('fss-quantum-set', 'fss-rt');
    const at = lines.findIndex((line) => line.op === 'enterclass');
    (lines[0]!.fss as Line).quantum = 7;
    expect(difference(runVector(classesDriver, lines))).toMatchObject({
      line: at + 1,
      path: expect.stringMatching(/\.timeleft$/) as string,
      expected: '11',
      found: '7',
    });
  });

  it('puts the child of a fork into its parent’s project, whatever it was in', () => {
    const lines = vector('fss-fork', 'fss-rt');
    const { cp } = lines.find((line) => line.op === 'fork')!;
    const made = lines.findIndex((line) => line.op === 'proc' && line.p === cp);
    lines[made]!.proj = 99;
    expect(runVector(classesDriver, lines)).toMatchObject({ passed: true });
  });

  it('knows that what is left of an RT quantum is not set by entering the class', () => {
    const lines = vector('rt-finite', 'fss-rt');
    const at = lines.findIndex((line) => line.op === 'enterclass');
    const { threads } = lines[at]!.after as { threads: Record<string, Line> };
    threads['1']!.timeleft = 0;
    expect(difference(runVector(classesDriver, lines))).toMatchObject({
      line: at + 1,
      path: 'state.threads.1.timeleft',
      found: 'absent',
    });
  });

  it('refuses what is no vector', () => {
    for (const line of [
      { op: 'dance', t: 1, after: {} },
      { op: 'tick', t: 4711, after: {} },
      { op: 'tick', after: {} },
      { op: 'set', t: 1, set: { colour: 3 }, after: {} },
      { op: 'proc', p: 1, pid: 'x', sid: 1, pgrp: 1, after: {} },
      { op: 'thread', t: 9, p: 1, list: 16, cpu: 0, slot: 0, after: {} },
      { op: 'thread', t: 9, p: 1, list: 0, cpu: 7, slot: 0, after: {} },
      { op: 'set', t: 1, set: { cpu: 7 }, after: {} },
      { op: 'set', t: 1, set: { state: 'asleep' }, after: {} },
      { op: 'enterclass', t: 1, class: 'RT', parms: { pri: 3 }, cred: 'priv', after: {} },
      { op: 'enterclass', t: 1, class: 'SDC', parms: null, cred: 'priv', after: {} },
      { op: 'parmsset', t: 1, va: [[1]], cred: 'priv', after: {} },
      { op: 'changepset', t: 1, pset: 64, after: {} },
      { op: 'account', pset: -1, maxfsspri: '1', after: {} },
      { op: 'set', t: 2, set: { kpri_req: 1 }, after: {} },
    ]) {
      const thread = { p: 1, list: 0, cpu: 0, slot: 0, after: {} };
      const lines: Line[] = [
        vector('yield')[0]!,
        { op: 'proc', p: 1, pid: 1, sid: 1, pgrp: 1, after: {} },
        { op: 'thread', t: 1, ...thread },
        { op: 'thread', t: 2, ...thread },
        { op: 'enterclass', t: 2, class: 'TS', parms: null, cred: 'priv', after: {} },
      ];
      expect(() => step([...lines, line]), JSON.stringify(line)).toThrow(VectorFormatError);
    }
  });
});
