/**
 * Lock holders that lost their CPU: acquisitions joined with context switches.
 *
 * A hold counts as interrupted where its thread is switched out inside it. It is off its CPU until the next
 * switch line shows it come in, or until it gives the lock back. Where the thread leaves again before any
 * line shows it come back (a gap of the trace), that time is left out and counted instead.
 */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { originNs } from '#shared/model/clock-origin.ts';
import type { LockLog } from '../importers/lock-log/lock-log.ts';
import { contextSwitches, lockHolds, lockWaitNs, lwpNumbers, type TraceDatabase } from '../store/index.ts';

/** Names as in the command's JSON; times are nanoseconds on the clock of the source. */
export interface LockHolders {
  readonly acquisitions: number;
  readonly holds_with_switch_out: number;
  readonly switch_outs_by_prev_state: Readonly<Record<string, number>>;
  readonly switch_outs_without_a_switch_in_line: number;
  readonly off_cpu_while_holding_ns: number;
  readonly worst_off_cpu_ns: number;
  readonly worst_hold: { readonly tid: number; readonly acq_ns: number; readonly rel_ns: number } | null;
  readonly hold_ns_sum: number;
  readonly wait_ns_sum: number;
  /** First and last switch of the trace; null where it has none. */
  readonly trace_first_ns: number | null;
  readonly trace_last_ns: number | null;
}

interface Holds {
  readonly count: number;
  /** Thread of a hold: any number that tells threads apart. */
  readonly thread: ArrayLike<number>;
  /** Since the start of the trace. */
  readonly acquiredNs: ArrayLike<number>;
  readonly releasedNs: ArrayLike<number>;
  readonly waitNs: Ns;
  threadOfLwp(lwp: LwpId): LwpId;
  tidOf(thread: number): number;
}

interface Switches {
  readonly outNs: Ns[];
  readonly state: string[];
  readonly inNs: Ns[];
}

/**
 * @param log the acquisitions; without it those that the trace itself has
 * @throws WorkbenchError 'import-failed' where the log's times are not on the trace's clock, or the trace
 *   knows of no lock; 'corrupt-trace'
 */
export function lockHolders(trace: TraceDatabase, log: LockLog | null): LockHolders {
  const origin = originNs(trace.meta);
  const holds = log === null ? holdsOfTrace(trace) : holdsOfLog(trace, log, origin);
  const switches = new Map<number, Switches>();
  for (let row = 0; row < holds.count; row++) {
    const thread = holds.thread[row]!;
    if (!switches.has(thread)) switches.set(thread, { outNs: [], state: [], inNs: [] });
  }
  let firstNs = NaN;
  let lastNs = NaN;
  const seen = (timeNs: Ns): void => {
    if (Number.isNaN(firstNs)) firstNs = timeNs;
    lastNs = timeNs;
  };
  contextSwitches(trace, {
    out(lwp, timeNs, state) {
      seen(timeNs);
      const of = switches.get(holds.threadOfLwp(lwp));
      of?.outNs.push(timeNs);
      of?.state.push(state);
    },
    in(lwp, timeNs) {
      seen(timeNs);
      switches.get(holds.threadOfLwp(lwp))?.inNs.push(timeNs);
    },
  });
  const onClock = (timeNs: Ns): number => Number((origin ?? 0n) + BigInt(Math.round(timeNs)));
  return {
    ...join(holds, switches, onClock),
    trace_first_ns: Number.isNaN(firstNs) ? null : onClock(firstNs),
    trace_last_ns: Number.isNaN(lastNs) ? null : onClock(lastNs),
  };
}

function join(
  holds: Holds,
  switches: ReadonlyMap<number, Switches>,
  onClock: (timeNs: Ns) => number,
): Omit<LockHolders, 'trace_first_ns' | 'trace_last_ns'> {
  const byState: Record<string, number> = {};
  let interrupted = 0;
  let unseenReturns = 0;
  let offCpuNs = 0;
  let worstNs = 0;
  let worst = -1;
  let heldNs = 0;
  for (let row = 0; row < holds.count; row++) {
    const releasedNs = holds.releasedNs[row]!;
    heldNs += releasedNs - holds.acquiredNs[row]!;
    const { outNs, state, inNs } = switches.get(holds.thread[row]!)!;
    let at = firstAtOrAfter(outNs, holds.acquiredNs[row]!);
    if (!(outNs[at]! < releasedNs)) continue;
    let offNs = 0;
    for (; outNs[at]! < releasedNs; at++) {
      const leftNs = outNs[at]!;
      byState[state[at]!] = (byState[state[at]!] ?? 0) + 1;
      const backNs = inNs[firstAtOrAfter(inNs, leftNs, true)] ?? releasedNs;
      const nextOutNs = outNs[at + 1];
      if (nextOutNs !== undefined && nextOutNs < backNs) unseenReturns++;
      else offNs += Math.min(backNs, releasedNs) - leftNs;
    }
    interrupted++;
    offCpuNs += offNs;
    if (offNs > worstNs) {
      worstNs = offNs;
      worst = row;
    }
  }
  return {
    acquisitions: holds.count,
    holds_with_switch_out: interrupted,
    switch_outs_by_prev_state: byState,
    switch_outs_without_a_switch_in_line: unseenReturns,
    off_cpu_while_holding_ns: offCpuNs,
    worst_off_cpu_ns: worstNs,
    worst_hold:
      worst < 0
        ? null
        : {
            tid: holds.tidOf(holds.thread[worst]!),
            acq_ns: onClock(holds.acquiredNs[worst]!),
            rel_ns: onClock(holds.releasedNs[worst]!),
          },
    hold_ns_sum: heldNs,
    wait_ns_sum: holds.waitNs,
  };
}

/** Holds that the trace itself knows of. LWP numbers are not unique in every system, so LWPs tell threads apart. */
function holdsOfTrace(trace: TraceDatabase): Holds {
  const holds = lockHolds(trace);
  if (holds.length === 0) {
    throw new WorkbenchError(
      'import-failed',
      'The trace does not record lock holders: give the lock log of the run with --locks.',
      { file: trace.path },
    );
  }
  const numbers = lwpNumbers(trace);
  return {
    count: holds.length,
    thread: holds.map(({ lwp }) => lwp),
    acquiredNs: holds.map(({ startNs }) => startNs),
    releasedNs: holds.map(({ endNs }) => endNs),
    waitNs: lockWaitNs(trace),
    threadOfLwp: (lwp) => lwp,
    tidOf: (lwp) => numbers.get(lwp) ?? lwp,
  };
}

/** Holds of a lock log. Its threads are known by thread id, which may have been used again. */
function holdsOfLog(trace: TraceDatabase, log: LockLog, origin: bigint | null): Holds {
  const file = trace.path;
  if (origin === null) {
    throw new WorkbenchError(
      'import-failed',
      `The clock of the trace has an unknown unit (${trace.meta.clock}), and ${log.fileName} in nanoseconds: they cannot be joined. Record both on one clock (echo mono > trace_clock).`,
      { file },
    );
  }
  const shift = Number(log.baseNs - origin);
  if (log.firstNs + shift > trace.durationNs || (!log.isOpen && log.lastNs + shift < 0)) {
    throw new WorkbenchError(
      'import-failed',
      `${log.fileName} and the trace do not overlap in time: the log is from ${seconds(log.baseNs, log.firstNs)} to ${seconds(log.baseNs, log.lastNs)} s, ` +
        `the trace from ${seconds(origin, 0)} to ${seconds(origin, trace.durationNs)} s. Are they from the same run, on the same clock?`,
      { file },
    );
  }
  const numbers = lwpNumbers(trace);
  const known = new Set(numbers.values());
  if (!log.tid.some((tid) => known.has(tid))) {
    throw new WorkbenchError(
      'import-failed',
      `No thread of ${log.fileName} is in the trace (the first is ${log.tid[0]}): are they from the same run?`,
      { file },
    );
  }
  const { durationNs } = trace;
  const thread: number[] = [];
  const acquiredNs: Ns[] = [];
  const releasedNs: Ns[] = [];
  let waitNs = 0;
  for (let row = 0; row < log.count; row++) {
    // What is never had or never given back lasts as long as the trace.
    const until = (ns: Ns, since: number): number =>
      ns < Infinity ? ns + shift : Math.max(durationNs, since);
    const wanted = log.wantNs[row]! + shift;
    const acquired = until(log.acquiredNs[row]!, wanted);
    waitNs += acquired - wanted;
    if (log.acquiredNs[row] === Infinity) continue;
    thread.push(log.tid[row]!);
    acquiredNs.push(acquired);
    releasedNs.push(until(log.releasedNs[row]!, acquired));
  }
  return {
    count: thread.length,
    thread,
    acquiredNs,
    releasedNs,
    waitNs,
    threadOfLwp: (lwp) => numbers.get(lwp) ?? -1,
    tidOf: (tid) => tid,
  };
}

/** Index of the first value that is not before `ns` (`after`: that is after it); the length where there is none. */
function firstAtOrAfter(sorted: readonly number[], ns: Ns, after = false): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle]!;
    if (value < ns || (after && value === ns)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function seconds(baseNs: bigint, sinceNs: Ns): string {
  return (Number(baseNs + BigInt(Math.round(sinceNs))) / 1e9).toFixed(6);
}
