/** What a lane did in a time range, as a figure or two with what they mean. */
import type { Aggregates } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { formatDuration, formatPercent } from '#renderer/trace-data/format-time.ts';
import type { LaneKind } from '#renderer/trace-data/lane-model.ts';

export interface LaneStats {
  /** One figure, with what it means for the tooltip. */
  readonly text: string;
  readonly title: string;
  /** Parts of the range that the lane spent running and spinning, 0 to 1. */
  readonly running: number;
  readonly spinning: number;
  /** For rows with room under their name. */
  readonly lines: readonly string[];
}

/** Sums of one lane over a range, ns. Of a lock: of the time that it was held. */
export interface LaneSums {
  readonly runningNs: number;
  readonly spinningNs: number;
  /** Runnable or preempted; of a lock: held while its holder was off CPU. */
  readonly waitingNs: number;
}

const NO_STATS: LaneStats = { text: '', title: '', running: 0, spinning: 0, lines: [] };

/** A CPU that spins for less than this is told by how busy it is. */
const SPINS_FROM = 0.01;

/** @param byState time in each LANE_STATE */
export function sumsOfStates(kind: LaneKind, byState: Float64Array): LaneSums {
  const runningNs = byState[LANE_STATE.running]!;
  const spinningNs = byState[LANE_STATE.spinning]!;
  const total = byState.reduce((sum, ns) => sum + ns, 0);
  const waitingNs =
    kind === 'sync'
      ? total - runningNs - spinningNs
      : byState[LANE_STATE.runnable]! + byState[LANE_STATE.preempted]!;
  return { runningNs, spinningNs, waitingNs };
}

/** The sums of a lane that the service made. */
export function sumsOfAggregates(kind: LaneKind, id: number, { cpus, threads, locks }: Aggregates): LaneSums {
  const nothing = { runningNs: 0, spinningNs: 0, waitingNs: 0 };
  switch (kind) {
    case 'cpu': {
      const at = cpus.cpu.indexOf(id);
      if (at < 0) return nothing;
      return { ...nothing, runningNs: cpus.runningNs[at]!, spinningNs: cpus.spinningNs[at]! };
    }
    case 'lwp': {
      const at = threads.lwp.indexOf(id);
      if (at < 0) return nothing;
      return {
        runningNs: threads.runningNs[at]!,
        spinningNs: threads.spinningNs[at]!,
        waitingNs: threads.runnableNs[at]! + threads.preemptedNs[at]!,
      };
    }
    case 'sync': {
      const at = locks.sync.indexOf(id);
      if (at < 0) return nothing;
      const offNs = locks.offCpuHoldNs[at]!;
      return { runningNs: locks.holdNs[at]! - offNs, spinningNs: 0, waitingNs: offNs };
    }
  }
}

/** @param waiters most threads that waited for a lock at a time */
export function laneStats(kind: LaneKind, sums: LaneSums, spanNs: number, waiters: number): LaneStats {
  const peak = waiters === 0 ? 'none waiting' : `${waiters} waiting`;
  const { runningNs, spinningNs, waitingNs } = sums;
  const running = runningNs / spanNs;
  const spinning = spinningNs / spanNs;
  switch (kind) {
    case 'cpu':
      return {
        text: spinning >= SPINS_FROM ? `spin ${formatPercent(spinning)}` : `busy ${formatPercent(running)}`,
        title: `In view: running ${formatPercent(running)}, spinning ${formatPercent(spinning)}`,
        running,
        spinning,
        lines: [],
      };
    case 'sync': {
      const heldNs = runningNs + spinningNs + waitingNs;
      return {
        ...NO_STATS,
        text: peak,
        title:
          `In view: held for ${formatDuration(heldNs)}, of which its holder was off CPU for ` +
          `${formatDuration(waitingNs)}; at most ${waiters} waited at once`,
        lines: [heldNs === 0 ? 'not held' : `off CPU ${formatPercent(waitingNs / heldNs)} of hold`],
      };
    }
    case 'lwp':
      return {
        text: waitingNs > 0 ? formatDuration(waitingNs) : '',
        title:
          `In view: waited for a CPU for ${formatDuration(waitingNs)}, ran for ${formatDuration(runningNs)}, ` +
          `span for ${formatDuration(spinningNs)}`,
        running,
        spinning,
        lines: [],
      };
  }
}
