/** The driver itself: it must find what differs, and say where. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { VectorLine, VectorResult } from './driver.ts';
import { schedctlDriver } from './schedctl-driver.ts';
import { runVector } from './vector-runner.ts';
import { VectorFormatError } from './vector-format-error.ts';

type Line = Record<string, unknown>;

function vector(name: string): Line[] {
  const file = fileURLToPath(new URL(`./schedctl/${name}.jsonl`, import.meta.url));
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** Index of the first line with this operation. */
function lineOf(lines: readonly Line[], op: string): number {
  return lines.findIndex((line) => line.op === op);
}

function difference(result: VectorResult): { line: number; path: string; expected: string; found: string } {
  if (result.passed) throw new Error('the vector passed');
  const { line, path, expected, found } = result.difference;
  return { line, path, expected, found };
}

const run = (lines: readonly VectorLine[]): VectorResult => runVector(schedctlDriver, lines);

describe('the schedctl driver', () => {
  it('passes a vector that is as recorded', () => {
    const lines = vector('first-call');
    expect(run(lines)).toEqual({ passed: true, operations: lines.length - 1 });
  });

  it('finds a byte of a slot that differs, with the path to it', () => {
    const lines = vector('first-call');
    const at = lineOf(lines, 'schedctl');
    const after = lines[at]!.after as { pages: { 0: { slots: Record<string, string> } } };
    const recorded = after.pages[0].slots['0']!;
    after.pages[0].slots['0'] = `ff${recorded.slice(2)}`;
    expect(difference(run(lines))).toEqual({
      line: at + 1,
      path: 'state.pages.0.slots.0',
      expected: JSON.stringify(`ff${recorded.slice(2)}`),
      found: JSON.stringify(recorded),
    });
  });

  it('finds a change that the vector does not mention', () => {
    const lines = vector('first-call');
    const at = lineOf(lines, 'schedctl');
    lines[at]!.after = {};
    expect(difference(run(lines)).path).toBe('state.procs.0.pagep.0');
  });

  it('finds a wrong result, a wrong errno and a wrong call', () => {
    for (const [member, wrong] of [
      ['ret', 99],
      ['errno', 99],
      ['calls', ['anonmap_alloc']],
    ] as const) {
      const lines = vector('alloc-failures');
      const at = lines.findIndex((line) => line.errno !== undefined);
      lines[at]![member] = wrong;
      const found = difference(run(lines));
      expect(found.line).toBe(at + 1);
      expect(found.path.startsWith(member)).toBe(true);
    }
  });

  it('finds an assertion that fails unexpectedly, one that should have failed, and another one', () => {
    const unexpected = vector('assert-get-nopreempt');
    Object.assign(unexpected.at(-1)!, { after: {}, ret: 0, assert: undefined });
    expect(difference(run(unexpected)).found).toBe('assertion: THREAD_LOCK_HELD(t)');

    const missing = vector('assert-get-nopreempt');
    delete missing.at(-1)!.nolock;
    expect(difference(run(missing)).found).toBe('the call returned');

    const other = vector('assert-get-nopreempt');
    other.at(-1)!.assert = 'index != -1';
    expect(difference(run(other)).expected).toBe('"index != -1"');
  });

  it('refuses what is no vector, naming the line', () => {
    const truncated = vector('first-call').slice(0, 4);
    expect(() => run(truncated)).toThrow(VectorFormatError);
    const unknown = vector('first-call');
    unknown[2]!.op = 'frobnicate';
    expect(() => run(unknown)).toThrow('unknown operation frobnicate');
    const wrongHeader = vector('first-call');
    wrongHeader[0]!.slots_per_page = 7;
    expect(() => run(wrongHeader)).toThrow('`slots_per_page` is 7, not 256');
  });
});
