/**
 * Steps the emulator through a vector: runs an operation, compares what it gave and the whole state, and
 * stops at the first difference. At the end the recorded transitions are replayed: they must rebuild the
 * emulator's machine.
 */
import { MachineState } from '#shared/model/machine-state.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { AssertionFailure } from '#main/emulator/assert-kernel.ts';
import type { Machine } from '#main/emulator/machine.ts';
import type { VectorDriver, VectorLine, VectorResult, VectorSubject } from './driver.ts';
import { firstDifference, isObject, mergePatch, text, type Json, type JsonDifference } from './json.ts';
import { VectorArguments } from './vector-arguments.ts';
import { VectorFormatError } from './vector-format-error.ts';

/** Members of a line that are outcome, not argument. */
const OUTCOME = new Set(['ret', 'retval', 'errno', 'calls', 'after', 'full', 'assert']);

/** Runs one file: `lines[0]` is the header. Throws only where the file is no vector. */
export function runVector(driver: VectorDriver, lines: readonly VectorLine[]): VectorResult {
  const header = new VectorArguments(lines[0]!, 1);
  if (header.number('format') !== 1) header.fail(`unknown format ${header.number('format')}`);
  const difference = driver.headerDifference?.(header) ?? null;
  if (difference !== null) {
    return { passed: false, difference: { line: 1, operation: 'header', ...difference } };
  }
  return runOperations(lines, driver.open(header));
}

/** Runs the operations of a vector, `lines[1]` and on. */
function runOperations(lines: readonly VectorLine[], subject: VectorSubject): VectorResult {
  let state = subject.initial;
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index]!;
    const failed = (difference: JsonDifference): VectorResult => failure(line, index + 1, difference);
    let given: Readonly<Record<string, Json | undefined>>;
    try {
      given = subject.step(line, index + 1);
    } catch (error) {
      if (error instanceof VectorFormatError) throw error;
      const difference = assertionDifference(line.assert as Json | undefined, error);
      if (difference !== null) return failed(difference);
      if (index !== lines.length - 1) throw new VectorFormatError(index + 1, 'lines follow an assertion');
      return finish(lines, subject.machine);
    }
    if (line.assert !== undefined) {
      return failed({ path: 'assert', expected: text(line.assert as Json), found: 'the call returned' });
    }
    const expected = expectedState(line, index + 1, state);
    state = subject.view();
    const difference =
      givenDifference(line, given) ??
      firstDifference(expected, state, line.full === undefined ? 'state' : 'full');
    if (difference !== null) return failed(difference);
  }
  if (lines.at(-1)!.op !== 'checkpoint') {
    throw new VectorFormatError(lines.length, 'the file ends in neither `checkpoint` nor `assert`');
  }
  return finish(lines, subject.machine);
}

/** Compares an assertion that was expected, if one was, with what was thrown. */
function assertionDifference(expected: Json | undefined, thrown: unknown): JsonDifference | null {
  if (!(thrown instanceof AssertionFailure)) {
    return { path: 'assert', expected: text(expected), found: String(thrown) };
  }
  if (expected === undefined) {
    return { path: 'assert', expected: 'absent', found: `assertion: ${thrown.condition}` };
  }
  return firstDifference(expected, thrown.condition, 'assert');
}

function expectedState(line: VectorLine, lineNumber: number, before: Json): Json {
  if (line.full !== undefined) return line.full as Json;
  if (isObject(line.after)) return mergePatch(before, line.after);
  throw new VectorFormatError(lineNumber, 'an operation has neither `after` nor `full` nor `assert`');
}

function givenDifference(
  line: VectorLine,
  given: Readonly<Record<string, Json | undefined>>,
): JsonDifference | null {
  for (const [path, found] of Object.entries(given)) {
    const expected = line[path] as Json | undefined;
    if (expected === undefined && found === undefined) continue;
    if (expected === undefined || found === undefined) {
      return { path, expected: text(expected), found: text(found) };
    }
    const difference = firstDifference(expected, found, path);
    if (difference !== null) return difference;
  }
  return null;
}

/** Replays what was recorded and compares the machines: nothing may have changed behind the probe's back. */
function finish(lines: readonly VectorLine[], machine: Machine): VectorResult {
  const replayed = new MachineState();
  const { probe, state } = machine;
  let sequence = 0;
  const apply = (batch: TransitionBatch): void => {
    for (let row = 0; row < batch.length; row++) replayed.apply(batch.columns, row, ++sequence);
  };
  for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) apply(batch);
  apply(probe.takeLast());
  const difference = firstDifference(state.digest(), replayed.digest(), 'digest of the replayed transitions');
  return difference === null
    ? { passed: true, operations: lines.length - 1 }
    : failure(lines.at(-1)!, lines.length, difference);
}

function failure(line: VectorLine, lineNumber: number, difference: JsonDifference): VectorResult {
  const args = Object.fromEntries(Object.entries(line).filter(([name]) => !OUTCOME.has(name)));
  return {
    passed: false,
    difference: { line: lineNumber, operation: text(args as Json), ...difference },
  };
}
