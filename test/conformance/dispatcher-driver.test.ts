/** The driver itself: it must find what differs, and say where. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dispatcherDriver } from './dispatcher-driver.ts';
import type { VectorResult } from './driver.ts';
import { VectorFormatError } from './vector-file.ts';

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
    expect(dispatcherDriver.run(lines)).toEqual({ passed: true, operations: lines.length - 1 });
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
      expect(difference(dispatcherDriver.run(lines))).toMatchObject({
        line: at + 1,
        path: expect.stringMatching(/^calls/) as string,
      });
    }
  });

  it('finds a change that the vector does not mention, a wrong result and another order of a ring', () => {
    const unmentioned = vector('move-cpu');
    const at = unmentioned.findIndex((line) => line.op === 'move_cpu' && line.ret === 0);
    unmentioned[at]!.after = {};
    expect(difference(dispatcherDriver.run(unmentioned)).path).toMatch(/^state\./);
    const wrong = vector('move-cpu');
    wrong[at]!.ret = 16;
    expect(difference(dispatcherDriver.run(wrong))).toMatchObject({ line: at + 1, path: 'ret' });
    const turned = vector('cpu-offline');
    const last = turned.at(-1)!.full as { parts: Record<string, { ring: number[] }> };
    last.parts[0]!.ring.reverse();
    expect(difference(dispatcherDriver.run(turned)).path).toMatch(/^full\.parts\.0\.ring/);
  });

  it('finds an assertion that does not fail', () => {
    const lines = vector('assert-swtch');
    lines.splice(-1, 0, { op: 'set', t: 0, set: { state: 1 }, after: { threads: { 0: { state: 1 } } } });
    expect(difference(dispatcherDriver.run(lines))).toMatchObject({
      path: 'assert',
      found: 'the call returned',
    });
  });

  it('compares the constants of the kernel with those of the header', () => {
    const lines = vector('steal-order');
    lines[0]!.rechoose_interval = 4;
    expect(difference(dispatcherDriver.run(lines))).toEqual({
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
      expect(() => dispatcherDriver.run([vector('steal-order')[0]!, line]), JSON.stringify(line)).toThrow(
        VectorFormatError,
      );
    }
  });
});
