/** The driver itself: it must find what differs, and say where. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AssertionFailure } from '#main/emulator/assert-kernel.ts';
import { dispatcherDriver } from './dispatcher-driver.ts';
import { runOperation } from './dispatcher-operations.ts';
import { DispatcherWorld } from './dispatcher-world.ts';
import type { VectorResult } from './driver.ts';
import type { Json } from './json.ts';
import { runVector } from './vector-runner.ts';
import { VectorFormatError } from './vector-format-error.ts';

type Line = Record<string, unknown>;

function vector(name: string): Line[] {
  const file = fileURLToPath(new URL(`./dispatcher/${name}.jsonl`, import.meta.url));
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function difference(result: VectorResult): { line: number; path: string; expected: string; found: string } {
  if (result.passed) throw new Error('the vector passed');
  const { line, path, expected, found } = result.difference;
  return { line, path, expected, found };
}

describe('the dispatcher driver', () => {
  it('passes a vector that is as recorded', () => {
    const lines = vector('steal-order');
    expect(runVector(dispatcherDriver, lines)).toEqual({ passed: true, operations: lines.length - 1 });
  });

  it('finds calls in another order, a missing call and one too many', () => {
    for (const change of [
      (calls: unknown[]) => [...calls].reverse(),
      (calls: unknown[]) => calls.slice(1),
      (calls: unknown[]) => [...calls, ['poke', 0]],
      () => undefined,
    ]) {
      const lines = vector('steal-order');
      const at = lines.findIndex((line) => line.op === 'swtch' && line.calls !== undefined);
      lines[at]!.calls = change(lines[at]!.calls as unknown[]);
      expect(difference(runVector(dispatcherDriver, lines))).toMatchObject({
        line: at + 1,
        path: expect.stringMatching(/^calls/) as string,
      });
    }
  });

  it('finds a change that the vector does not mention, a wrong result and another order of a ring', () => {
    const unmentioned = vector('move-cpu');
    const at = unmentioned.findIndex((line) => line.op === 'move_cpu' && line.ret === 0);
    unmentioned[at]!.after = {};
    expect(difference(runVector(dispatcherDriver, unmentioned)).path).toMatch(/^state\./);
    const wrong = vector('move-cpu');
    wrong[at]!.ret = 16;
    expect(difference(runVector(dispatcherDriver, wrong))).toMatchObject({ line: at + 1, path: 'ret' });
    const turned = vector('cpu-offline');
    const last = turned.at(-1)!.full as { parts: Record<string, { ring: number[] }> };
    last.parts[0]!.ring.reverse();
    expect(difference(runVector(dispatcherDriver, turned)).path).toMatch(/^full\.parts\.0\.ring/);
  });

  it('finds an assertion that does not fail', () => {
    const lines = vector('assert-swtch');
    lines.splice(-1, 0, { op: 'set', t: 0, set: { state: 1 }, after: { threads: { 0: { state: 1 } } } });
    expect(difference(runVector(dispatcherDriver, lines))).toMatchObject({
      path: 'assert',
      found: 'the call returned',
    });
  });

  it('compares the constants of the kernel with those of the header', () => {
    const lines = vector('steal-order');
    lines[0]!.rechoose_interval = 4;
    expect(difference(runVector(dispatcherDriver, lines))).toEqual({
      line: 1,
      path: 'rechoose_interval',
      expected: '4',
      found: '3',
    });
  });

  it('refuses what is no vector', () => {
    for (const line of [
      { op: 'dance', on: 0, after: {} },
      { op: 'setbackdq', t: 4711, after: {} },
      { op: 'swtch', on: 99, after: {} },
      { op: 'set', set: { colour: 3 }, after: {} },
      { op: 'thread', t: 1, pri: 1, cpu: 0, part: 9, after: {} },
    ]) {
      expect(
        () => runVector(dispatcherDriver, [vector('steal-order')[0]!, line]),
        JSON.stringify(line),
      ).toThrow(VectorFormatError);
    }
  });
});

/** What the given files do not happen to use, as the C has it. */
describe('operations beyond the recorded vectors', () => {
  const thread = (t: number, pri: number, cpu = 0): Line => ({ op: 'thread', t, pri, cpu, part: 0 });

  /** Runs operations on two CPUs that idle; gives the result and the calls of the last. */
  function run(...operations: Line[]): { readonly ret: Json | undefined; readonly calls: readonly Json[] } {
    const world = new DispatcherWorld({ ncpus: 2, nparts: 1, nosteal_nsec: 100_000, halt: true });
    let ret: Json | undefined;
    operations.forEach((operation, index) => {
      ret = runOperation(world, operation, index + 2);
    });
    return { ret, calls: world.calls };
  }

  function assertionOf(...operations: Line[]): string {
    try {
      run(...operations);
    } catch (error) {
      if (error instanceof AssertionFailure) return error.condition;
      throw error;
    }
    return 'no assertion failed';
  }

  it.each(['setbackdq', 'setfrontdq'])('%s does not put an unbound thread on a quiesced CPU', (op) => {
    const offline = { op: 'cpu_offline', cpu: 1, forced: 0 };
    expect(assertionOf(offline, thread(1, 30, 1), { op, t: 1 })).toBe('(cp->cpu_flags & CPU_QUIESCED) == 0');
  });

  it('a thread that is picked has the priority of its queue', () => {
    const changed = { op: 'set', t: 1, set: { pri: 31 } };
    const operations = [thread(1, 30), { op: 'setbackdq', t: 1 }, changed, { op: 'swtch', on: 0 }];
    expect(assertionOf(...operations)).toBe('pri == DISP_PRIO(tp)');
  });

  it('a thread that is taken off a queue has a priority that there is', () => {
    const operations = [
      thread(1, 30),
      { op: 'setbackdq', t: 1 },
      { op: 'dispdeq', t: 1, set: { epri: 170 } },
    ];
    expect(assertionOf(...operations)).toBe('tpri < dp->disp_npri');
  });

  it('an idle thread counts with priority 0 where its CPU takes a choice back', () => {
    const race = { op: 'swtch', on: 0, race: { t: 2, front: 0 } };
    expect(run(thread(1, 30), thread(2, 130), { op: 'setbackdq', t: 1 }, race).calls).toEqual([
      ['probe', 'dequeue', 1, 'cpu0'],
      ['probe', 'enqueue', 2, 'kp0', 0],
      ['enq', 1, 0],
      ['probe', 'enqueue', 1, 'cpu0', 1],
      ['aston', null],
      ['enq', 0, 0],
      ['probe', 'dequeue', 2, 'kp0'],
      ['sdt', 'steal', 2, null, 0],
      ['resume', 0, null, 2],
    ]);
  });

  it('a race without a pick does not happen later', () => {
    const race = { op: 'swtch', on: 0, race: { t: 2, front: 0 } };
    const operations = [
      thread(2, 130),
      race,
      thread(1, 30),
      { op: 'setbackdq', t: 1 },
      { op: 'swtch', on: 0 },
    ];
    expect(run(...operations).calls).toEqual([
      ['probe', 'dequeue', 1, 'cpu0'],
      ['resume', 0, null, 1],
    ]);
  });

  it('binding to a CPU that there is not is EINVAL', () => {
    expect(run(thread(1, 30), { op: 'bind', t: 1, cpu: 99 }).ret).toBe(22);
  });
});
