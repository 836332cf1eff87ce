/**
 * A time range of a trace as a separate trace: rows that set up the machine at the start of the range, at time 0, then
 * the events, with times counted from there.
 *
 * Replay and derived data need nothing else: an interval that was open at the start begins with the cut.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { NONE } from '#shared/base/none.ts';
import type { KindId, Ns } from '#shared/base/brands.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { KIND, KIND_COUNT, KIND_SPECS } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import type { TransitionSink } from '#shared/model/transition-batch.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { eventRows } from '../store/read/event-rows.ts';
import { names } from '../store/read/names.ts';
import { replayTo } from '../store/read/replay.ts';
import { lastSequenceAt } from '../store/read/sequence-at.ts';
import type { TraceDatabase } from '../store/read/trace-database.ts';

/** Both ends belong to it. */
export interface CutRange {
  readonly startNs: Ns;
  readonly endNs: Ns;
}

export interface CutOptions {
  readonly signal?: CancelSignal;
  /** Called now and then: 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

const SLICE = 16_384;

/**
 * Passes the rows and definitions of a time range to `sink`, in order of time.
 *
 * @param range within the trace
 * @throws WorkbenchError 'usage' for an empty range, 'cancelled', 'corrupt-trace'; whatever the sink rejects with
 */
export async function cutTrace(
  trace: TraceDatabase,
  range: CutRange,
  sink: TransitionSink,
  options: CutOptions = {},
): Promise<void> {
  const first = lastSequenceAt(trace, range.startNs - 1) + 1;
  const last = lastSequenceAt(trace, range.endNs);
  if (last < first) {
    throw new WorkbenchError('usage', 'That time range has no events: there is nothing to cut out.', {
      file: trace.path,
      timeNs: range.startNs,
    });
  }
  const probe = new TransitionProbe();
  define(trace, probe);
  setUp(replayTo(trace, first - 1), probe);
  for (let from = first; from <= last; from += SLICE) {
    if (options.signal?.aborted === true) throw new WorkbenchError('cancelled', 'The cut was cancelled.');
    for (const [, timeNs, kind, cpu, lwp, object, cause, oldValue, newValue] of eventRows(
      trace,
      from,
      Math.min(last, from + SLICE - 1),
    )) {
      probe.at(timeNs - range.startNs, cpu, lwp, cause).assign(kind, object, oldValue, newValue);
    }
    await probe.drain(sink);
    options.onProgress?.((from - first) / (last - first + 1));
  }
  await probe.finish(sink);
}

function define(trace: TraceDatabase, probe: TransitionProbe): void {
  const { cpus, processes, lwps, pages, syncs, syscalls } = names(trace);
  for (const row of cpus) probe.define({ table: 'cpu', ...row });
  for (const row of processes) probe.define({ table: 'process', ...row });
  for (const row of lwps) probe.define({ table: 'lwp', ...row });
  for (const row of pages) probe.define({ table: 'page', ...row });
  for (const row of syncs) probe.define({ table: 'sync', ...row });
  for (const row of syscalls) probe.define({ table: 'syscall', ...row });
}

/**
 * Kinds in the order in which they are set up: the holder of a lock or slot comes before rows that refer to it, because
 * a row about a slot carries its holder, and a wait names the holder at its beginning.
 */
const SET_UP_ORDER: readonly number[] = (() => {
  const early = [KIND.sync_owner, KIND.slot_allocated, KIND.slot_lwp];
  const others = Array.from({ length: KIND_COUNT }, (_, kind) => kind).filter(
    (kind) => !early.includes(kind) && KIND_SPECS[kind]!.note !== true && kind !== KIND.t_queue,
  );
  return [...early, ...others];
})();

/** One row for every field that is not what it is in an empty machine. */
function setUp(state: MachineState, probe: TransitionProbe): void {
  for (const kind of SET_UP_ORDER) {
    const { subject, initial } = KIND_SPECS[kind]!;
    const column = state.columns[kind]!;
    const count = state.countOf(subject);
    for (let id = 0; id < count; id++) {
      const value = column[id]!;
      if (value !== initial) setUpField(probe, state, kind, id);
    }
  }
  setUpQueues(state, probe);
}

function setUpField(probe: TransitionProbe, state: MachineState, kind: KindId, id: number): void {
  const { subject, initial } = KIND_SPECS[kind]!;
  const cpu = subject === 'cpu' ? id : NONE;
  const lwp = subject === 'lwp' ? id : subject === 'slot' ? state.read(KIND.slot_lwp, id) : NONE;
  const object = subject === 'lwp' || subject === 'cpu' ? 0 : id;
  probe.at(0, cpu, lwp, CAUSE.cut).assign(kind, object, initial, state.read(kind, id));
}

/** Queues from head to tail, as each row names the LWP before. */
function setUpQueues(state: MachineState, probe: TransitionProbe): void {
  const queues = state.columns[KIND.t_queue]!;
  for (let head = 0; head < state.countOf('lwp'); head++) {
    const queue = queues[head]!;
    if (queue === NONE || state.previousOnQueue(head) !== NONE) continue;
    for (let lwp = head; lwp !== NONE; lwp = state.nextOnQueue(lwp)) {
      probe.at(0, NONE, lwp, CAUSE.cut).assign(KIND.t_queue, state.previousOnQueue(lwp), NONE, queue);
    }
  }
}
