/**
 * Small figures beside the lanes, for the visible time range. Made from the columns that are there, with a short delay;
 * where these merge intervals, asked of the service once the view rests.
 */
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import { useNotices } from '../../stores/notices.ts';
import { useNames } from '#renderer/stores/names.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';
import { sumStates } from '../../trace-data/lane-columns.ts';
import type { PlacedRow } from '../../trace-data/lane-layout.ts';
import type { LaneKind, LaneRow } from '../../trace-data/lane-model.ts';
import { peakWaiters } from '../../trace-data/lock-waiters.ts';
import { spanOf, type TimeRange } from '../../trace-data/time-axis.ts';
import { focusLines } from './focus-text.ts';
import { laneStats, sumsOfAggregates, sumsOfStates, type LaneStats, type LaneSums } from './lane-stats.ts';
import type { LaneSource } from './use-lane-data.ts';

/** Figures are made anew at most this often while the view moves. */
const EVERY_MS = 250;
/** How long the view must rest before sums are asked for. */
const REST_MS = 400;
/** The figures stay as they are until better ones come. */
const LATER = 'later';
const STATES = 16;
/** With more of the range than this under merged rows, a figure made from them would be a guess. */
const MERGED_MOST = 0.02;

/** @param version grows when data has arrived */
export function useLaneStats(
  data: LaneSource,
  rows: Readonly<Ref<readonly PlacedRow[]>>,
  version: Readonly<Ref<number>>,
) {
  const names = useNames();
  const session = useSession();
  const viewport = useViewport();
  const notices = useNotices();
  const stats = shallowRef<ReadonlyMap<string, LaneStats>>(new Map());
  const byState = new Float64Array(STATES);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let flight: AbortController | null = null;

  function measure(): void {
    timer = undefined;
    const range = viewport.known;
    let isMerged = false;
    describe(range, (row) => {
      const found = data.lanes.get(row.kind, row.id);
      if (found === undefined) return LATER;
      byState.fill(0);
      const mergedNs = sumStates(found.columns, found.lane, range.startNs, range.endNs, byState);
      if (mergedNs <= spanOf(range) * MERGED_MOST) return sumsOfStates(row.kind, byState);
      isMerged = true;
      return LATER;
    });
    clearTimeout(rest);
    flight?.abort();
    if (isMerged) rest = setTimeout(() => void ask(), REST_MS);
  }

  async function ask(): Promise<void> {
    const { traceId } = session;
    if (traceId === null) return;
    const range = viewport.known;
    const ids = (kind: LaneKind): number[] => [
      ...new Set(rows.value.filter(({ row }) => row.kind === kind).map(({ row }) => row.id)),
    ];
    const controller = new AbortController();
    flight = controller;
    const { startNs, endNs } = range;
    const params = { traceId, startNs, endNs, lwps: ids('lwp'), syncs: ids('sync') };
    try {
      const sums = await session
        .workbench()
        .request('trace.aggregates', params, { signal: controller.signal });
      if (!controller.signal.aborted) describe(range, (row) => sumsOfAggregates(row.kind, row.id, sums));
    } catch (thrown) {
      if (!controller.signal.aborted) notices.fail('Could not compute lane statistics', thrown);
    }
  }

  function describe(
    range: TimeRange,
    sumsOf: (row: LaneRow & { kind: LaneKind }) => LaneSums | typeof LATER,
  ): void {
    const next = new Map<string, LaneStats>();
    for (const { row, focus } of rows.value) {
      if (row.kind === 'group') continue;
      const lane = row as LaneRow & { kind: LaneKind };
      const sums = sumsOf(lane);
      const before = stats.value.get(row.key);
      if (sums === LATER && before === undefined) continue;
      const figures =
        sums === LATER ? before! : laneStats(row.kind, sums, spanOf(range), peakOf(lane, range));
      next.set(row.key, focus ? { ...figures, lines: windowLines(row.id, range) } : figures);
    }
    stats.value = next;
  }

  const windowLines = (lwp: number, range: TimeRange): string[] =>
    focusLines(data.windows().get(lwp), range, session.trace?.durationNs ?? 0, names.table.isLinux);

  function peakOf({ kind, id }: LaneRow, { startNs, endNs }: TimeRange): number {
    const waiters = kind === 'sync' ? data.waiters() : null;
    const index = waiters?.syncs.indexOf(id) ?? -1;
    return waiters === null || index < 0 ? 0 : peakWaiters(waiters.columns, index, startNs, endNs).most;
  }

  function stop(): void {
    clearTimeout(timer);
    clearTimeout(rest);
    flight?.abort();
    timer = undefined;
  }

  watch([() => viewport.range, rows, version], () => (timer ??= setTimeout(measure, EVERY_MS)));
  watch(
    () => session.traceId,
    () => {
      stop();
      stats.value = new Map();
    },
    { flush: 'sync' },
  );
  onScopeDispose(stop);
  return stats;
}
