/** The timeline's data: what is in view is asked for, and what has arrived is at hand, however stale. */
import { onScopeDispose, watch } from 'vue';
import type {
  LaneRef,
  LockWaiterColumns,
  QueueLengthColumns,
  TraceSummary,
  WakeupColumns,
} from '#shared/api/contract.ts';
import { useNotices } from '../../stores/notices.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';
import {
  decisionsByLwp,
  windowsByLwp,
  type DecisionsOfLwp,
  type WindowsOfLwp,
} from '../../trace-data/decision-index.ts';
import { LaneCache } from '../../trace-data/lane-cache.ts';
import { WindowQuery } from '../../trace-data/window-query.ts';

/** Which lanes are on the screen, and which come next when it is scrolled. */
export interface LanesInView {
  readonly visible: readonly LaneRef[];
  readonly nearby: readonly LaneRef[];
}

const NO_WINDOWS: ReadonlyMap<number, WindowsOfLwp> = new Map();
const NO_DECISIONS: ReadonlyMap<number, DecisionsOfLwp> = new Map();
/** The contract's limit of LWPs a request. */
const MAX_LWPS = 512;

/** How long the view must rest before wake-ups are asked for: nothing of them is drawn while it moves. */
const REST_MS = 120;

/** What the lanes are drawn from. */
export interface LaneSource {
  readonly lanes: LaneCache;
  windows(): ReadonlyMap<number, WindowsOfLwp>;
  decisions(): ReadonlyMap<number, DecisionsOfLwp>;
  /** Run-queue lengths and which CPUs they are for, in order; null while there are none. */
  queues(): { readonly columns: QueueLengthColumns; readonly cpus: readonly number[] } | null;
  /** Waiting threads and which locks they are for, in order. */
  waiters(): { readonly columns: LockWaiterColumns; readonly syncs: readonly number[] } | null;
  wakeups(): WakeupColumns | null;
}

/** @param onData something new has arrived: draw it */
export function useLaneData(onData: () => void): LaneSource & {
  show(trace: TraceSummary, inView: LanesInView): void;
} {
  const session = useSession();
  const viewport = useViewport();
  const notices = useNotices();

  const fail = (thrown: unknown): void => notices.fail('Could not load some lanes', thrown);
  const traceId = (): string => session.trace?.traceId ?? '';

  const lanes = new LaneCache(
    (request, signal) =>
      session.workbench().request('trace.lanes', { traceId: traceId(), ...request }, { signal }),
    onData,
    fail,
  );
  const windows = new WindowQuery<ReadonlyMap<number, WindowsOfLwp>, number[]>(
    async (request, lwps, signal) =>
      windowsByLwp(
        await session
          .workbench()
          .request('trace.nopreemptWindows', { traceId: traceId(), ...request, lwps }, { signal }),
      ),
    onData,
    fail,
  );
  const decisions = new WindowQuery<ReadonlyMap<number, DecisionsOfLwp>, number[]>(
    async (request, lwps, signal) =>
      decisionsByLwp(
        await session
          .workbench()
          .request('trace.decisions', { traceId: traceId(), ...request, lwps }, { signal }),
      ),
    onData,
    fail,
  );
  const queues = new WindowQuery<{ columns: QueueLengthColumns; cpus: readonly number[] }, number[]>(
    async (request, cpus, signal) => ({
      columns: await session
        .workbench()
        .request('trace.queueLengths', { traceId: traceId(), ...request, cpus }, { signal }),
      cpus,
    }),
    onData,
    fail,
  );

  const waiters = new WindowQuery<{ columns: LockWaiterColumns; syncs: readonly number[] }, number[]>(
    async (request, syncs, signal) => ({
      columns: await session
        .workbench()
        .request('trace.lockWaiters', { traceId: traceId(), ...request, syncs }, { signal }),
      syncs,
    }),
    onData,
    fail,
  );
  const wakeups = new WindowQuery<WakeupColumns, number[]>(
    (request, lwps, signal) =>
      session.workbench().request('trace.wakeups', { traceId: traceId(), ...request, lwps }, { signal }),
    onData,
    fail,
  );
  const kept = [lanes, windows, decisions, queues, waiters, wakeups] as const;
  let rest: ReturnType<typeof setTimeout> | undefined;

  /** Asks for what is missing of the lanes in view. Cheap where nothing is. */
  function show(trace: TraceSummary, inView: LanesInView): void {
    const { range, widthPx, recorded: limits } = viewport;
    lanes.show(inView.visible, inView.nearby, range, widthPx, limits);
    const cpus = inView.visible.filter(({ kind }) => kind === 'cpu').map(({ id }) => id);
    if (cpus.length > 0) queues.show(range, widthPx, limits, cpus.join(), cpus);
    const syncs = inView.visible.filter(({ kind }) => kind === 'sync').map(({ id }) => id);
    if (syncs.length > 0) waiters.show(range, widthPx, limits, syncs.join(), syncs);
    const lwps = [...new Set(inView.visible.filter(({ kind }) => kind === 'lwp').map(({ id }) => id))];
    if (lwps.length === 0) return;
    lwps.sort((a, b) => a - b).splice(MAX_LWPS);
    clearTimeout(rest);
    rest = setTimeout(() => wakeups.show(range, widthPx, limits, lwps.join(), lwps), REST_MS);
    if (!trace.hasSchedctl) return;
    windows.show(range, widthPx, limits, lwps.join(), lwps);
    decisions.show(range, widthPx, limits, lwps.join(), lwps);
  }

  function clear(): void {
    clearTimeout(rest);
    for (const each of kept) each.clear();
  }

  watch(() => session.traceId, clear, { flush: 'sync' });
  watch(
    () => session.revision,
    () => {
      for (const each of kept) each.expire();
      onData();
    },
  );
  onScopeDispose(clear);

  return {
    lanes,
    show,
    windows: () => windows.answer?.data ?? NO_WINDOWS,
    decisions: () => decisions.answer?.data ?? NO_DECISIONS,
    queues: () => queues.answer?.data ?? null,
    waiters: () => waiters.answer?.data ?? null,
    wakeups: () => wakeups.answer?.data ?? null,
  };
}
