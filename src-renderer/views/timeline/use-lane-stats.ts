/** Small figures beside the lanes: what each one did in the visible stretch. Follows the view with a short delay. */
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import { LANE_STATE } from '#shared/model/enums.ts';
import { useViewport } from '../../stores/viewport.ts';
import { formatDuration, formatPercent } from '../../trace-data/format-time.ts';
import type { LaneCache } from '../../trace-data/lane-cache.ts';
import { sumStates } from '../../trace-data/lane-columns.ts';
import type { PlacedRow } from '../../trace-data/lane-layout.ts';
import { spanOf } from '../../trace-data/time-axis.ts';

export interface LaneStats {
  /** One figure, with what it means for the tooltip. */
  readonly text: string;
  readonly title: string;
  /** Parts of the stretch that the lane spent running and spinning, 0 to 1. */
  readonly running: number;
  readonly spinning: number;
}

const SETTLE_MS = 120;
const STATES = 16;
/** With more of the stretch than this under merged rows, a figure would be a guess. */
const MERGED_MOST = 0.02;
/** A CPU that spins for less than this is told by how busy it is. */
const SPINS_FROM = 0.01;
const UNKNOWN: LaneStats = {
  text: '',
  title: 'Zoom in for figures: several intervals share a pixel here',
  running: 0,
  spinning: 0,
};

/** @param version grows when data has arrived */
export function useLaneStats(
  lanes: LaneCache,
  rows: Readonly<Ref<readonly PlacedRow[]>>,
  version: Readonly<Ref<number>>,
) {
  const viewport = useViewport();
  const stats = shallowRef<ReadonlyMap<string, LaneStats>>(new Map());
  const sums = new Float64Array(STATES);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function measure(): void {
    timer = undefined;
    const next = new Map<string, LaneStats>();
    for (const { row } of rows.value) {
      if (row.kind === 'group') continue;
      const data = lanes.get(row.kind, row.id);
      if (data === undefined) continue;
      sums.fill(0);
      const { startNs, endNs } = viewport.range;
      const mergedNs = sumStates(data.columns, data.lane, startNs, endNs, sums);
      const spanNs = spanOf(viewport.range);
      next.set(row.key, mergedNs > spanNs * MERGED_MOST ? UNKNOWN : describe(row.kind, sums, spanNs));
    }
    stats.value = next;
  }

  watch([() => viewport.range, rows, version], () => (timer ??= setTimeout(measure, SETTLE_MS)));
  onScopeDispose(() => clearTimeout(timer));
  return stats;
}

function describe(kind: 'cpu' | 'lwp' | 'sync', sums: Float64Array, spanNs: number): LaneStats {
  const share = (state: number): number => sums[state]! / spanNs;
  const running = share(LANE_STATE.running);
  const spinning = share(LANE_STATE.spinning);
  if (kind === 'cpu') {
    const spins = spinning >= SPINS_FROM;
    return {
      text: spins ? `spin ${formatPercent(spinning)}` : `busy ${formatPercent(running)}`,
      title: `In view: running ${formatPercent(running)}, spinning ${formatPercent(spinning)}`,
      running,
      spinning,
    };
  }
  if (kind === 'sync') {
    const held = sums.reduce((sum, ns) => sum + ns, 0);
    const offCpu = held - sums[LANE_STATE.running]! - sums[LANE_STATE.spinning]!;
    return {
      text: `held ${formatPercent(held / spanNs)}`,
      title: `In view: held for ${formatDuration(held)}, of which its holder was off CPU for ${formatDuration(offCpu)}`,
      running,
      spinning,
    };
  }
  const waiting = sums[LANE_STATE.runnable]! + sums[LANE_STATE.preempted]!;
  return {
    text: waiting > 0 ? formatDuration(waiting) : '',
    title:
      `In view: waited for a CPU for ${formatDuration(waiting)}, ran for ` +
      `${formatDuration(sums[LANE_STATE.running]!)}, span for ${formatDuration(sums[LANE_STATE.spinning]!)}`,
    running,
    spinning,
  };
}
