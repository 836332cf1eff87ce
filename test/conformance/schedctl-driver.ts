/**
 * Runs schedctl vectors: steps the emulator through the operations and compares the whole state, the
 * result, the errno and the calls of the memory subsystem after each. At the end the recorded transitions
 * are replayed: they must rebuild the emulator's machine.
 */
import { MachineState } from '#shared/model/machine-state.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { AssertionFailure } from '#main/emulator/assert-kernel.ts';
import { createKernelContext, type KernelContext } from '#main/emulator/kernel-context.ts';
import { Machine } from '#main/emulator/machine.ts';
import { TransitionProbe } from '#main/emulator/probe.ts';
import { SC_PAGE_CTL_SIZE, ULONG_SIZE } from '#main/emulator/schedctl/schedctl.ts';
import type { VectorDriver, VectorLine, VectorResult } from './driver.ts';
import { firstDifference, isObject, mergePatch, text, type Json, type JsonDifference } from './json.ts';
import { SchedctlRunner } from './schedctl-operations.ts';
import { viewOf } from './schedctl-view.ts';
import { VectorFormatError } from './vector-file.ts';

const EMPTY: Json = { procs: {}, lwps: {}, pages: {}, ctr: { amaps: 0, kpages: 0, anon: 0, kmem: 0 } };
/** Members of a line that are outcome, not argument. */
const OUTCOME = new Set(['ret', 'errno', 'calls', 'after', 'full', 'assert']);

export const schedctlDriver: VectorDriver = {
  kind: 'schedctl',
  accepts: (header) => header.sc_size !== undefined,
  run,
};

function run(lines: readonly VectorLine[]): VectorResult {
  const header = lines[0]!;
  const k = contextFor(header);
  const runner = new SchedctlRunner(k);
  let calls: string[] = [];
  k.vm.observer = (call) => calls.push(call);
  let expected: Json = EMPTY;
  let before: Json = EMPTY;

  for (let index = 1; index < lines.length; index++) {
    const line = lines[index]!;
    const failed = (difference: JsonDifference): VectorResult => ({
      passed: false,
      difference: { line: index + 1, operation: operationText(line), ...difference },
    });
    calls = [];
    let ret: Json | undefined;
    try {
      ret = runner.run(line, index + 1);
    } catch (error) {
      if (error instanceof VectorFormatError) throw error;
      const found = error instanceof AssertionFailure ? error.condition : (error as Error).message;
      if (line.assert !== undefined && error instanceof AssertionFailure) {
        const difference = firstDifference(line.assert as Json, found, 'assert');
        if (difference !== null) return failed(difference);
        if (index !== lines.length - 1) throw new VectorFormatError(index + 1, 'lines follow an assertion');
        return finish(k, lines.length - 1, failed);
      }
      const what = error instanceof AssertionFailure ? `assertion: ${found}` : String(error);
      return failed({ path: 'assert', expected: text(line.assert as Json | undefined), found: what });
    }
    if (line.assert !== undefined) {
      return failed({ path: 'assert', expected: text(line.assert as Json), found: 'the call returned' });
    }
    const errno = runner.errno === 0 ? undefined : runner.errno;
    const state = viewOf(k, runner);
    if (line.full !== undefined) expected = line.full as Json;
    else if (isObject(line.after)) expected = mergePatch(before, line.after);
    else throw new VectorFormatError(index + 1, 'an operation has neither `after` nor `full` nor `assert`');
    const difference =
      compareOptional(line.ret as Json | undefined, ret, 'ret') ??
      compareOptional(line.errno as Json | undefined, errno, 'errno') ??
      firstDifference(expected, state, line.full === undefined ? 'state' : 'full') ??
      compareCalls(line.calls as readonly string[] | undefined, calls);
    if (difference !== null) return failed(difference);
    before = state;
  }
  const last = lines.at(-1)!;
  if (last.op !== 'checkpoint') {
    throw new VectorFormatError(lines.length, 'the file ends in neither `checkpoint` nor `assert`');
  }
  return finish(k, lines.length - 1, (difference) => ({
    passed: false,
    difference: { line: lines.length, operation: operationText(last), ...difference },
  }));
}

function contextFor(header: VectorLine): KernelContext {
  const number = (name: string): number => {
    const value = header[name];
    if (typeof value !== 'number') throw new VectorFormatError(1, `\`${name}\` is not a number`);
    return value;
  };
  if (number('format') !== 1) throw new VectorFormatError(1, `unknown format ${text(header.format as Json)}`);
  const pageBytes = SC_PAGE_CTL_SIZE + ULONG_SIZE * number('bitmap_words');
  if (number('page_kmem') !== pageBytes) {
    throw new VectorFormatError(
      1,
      `a page costs ${pageBytes} bytes of kernel heap, not ${number('page_kmem')}`,
    );
  }
  const layout = { pageSize: number('pagesize'), scSize: number('sc_size') };
  return createKernelContext(new Machine(new TransitionProbe()), layout);
}

function compareOptional(
  expected: Json | undefined,
  found: Json | undefined,
  path: string,
): JsonDifference | null {
  if (expected === undefined && found === undefined) return null;
  if (expected === undefined || found === undefined) {
    return { path, expected: text(expected), found: text(found) };
  }
  return firstDifference(expected, found, path);
}

/** The order in which an address space drops its mappings has no meaning, so neither has that of what follows. */
function compareCalls(expected: readonly string[] = [], found: readonly string[]): JsonDifference | null {
  return firstDifference(inNeutralOrder(expected), inNeutralOrder(found), 'calls');
}

function inNeutralOrder(calls: readonly string[]): string[] {
  const start = calls.findIndex((call) => call.startsWith('as_free '));
  if (start === -1) return [...calls];
  const groups: string[][] = [];
  for (const call of calls.slice(start)) {
    if (call.startsWith('as_free ')) groups.push([]);
    groups.at(-1)!.push(call);
  }
  groups.sort((a, b) => (a.join() < b.join() ? -1 : 1));
  return [...calls.slice(0, start), ...groups.flat()];
}

/** Replays what was recorded and compares the machines: nothing may have changed behind the probe's back. */
function finish(
  k: KernelContext,
  operations: number,
  failed: (difference: JsonDifference) => VectorResult,
): VectorResult {
  const replayed = new MachineState();
  const { probe, state } = k.machine;
  let sequence = 0;
  const apply = (batch: TransitionBatch): void => {
    const { kind, cpu, lwp, object, newValue } = batch.columns;
    for (let row = 0; row < batch.length; row++) {
      replayed.apply(kind[row]!, cpu[row]!, lwp[row]!, object[row]!, newValue[row]!, ++sequence);
    }
  };
  for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) apply(batch);
  apply(probe.takeLast());
  const difference = firstDifference(state.digest(), replayed.digest(), 'digest of the replayed transitions');
  return difference === null ? { passed: true, operations } : failed(difference);
}

function operationText(line: VectorLine): string {
  const args = Object.fromEntries(Object.entries(line).filter(([name]) => !OUTCOME.has(name)));
  return text(args as Json);
}
