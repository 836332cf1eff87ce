/**
 * Lanes of LWPs: what each was doing when.
 *
 * A state that holds for no time is no interval, but for two that a CPU's switches at one instant delimit: a run
 * between two of them ({@link LwpLanes.ranForNoTime}), and the time off its CPU of a thread that was back at the same
 * instant.
 *
 * Hot: allocates only for an LWP's first interval.
 */
import type { CpuId, LwpId, Ns, SyncId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { LANE_STATE, OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import { laneStateOf } from '#shared/model/lane-state.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { OVERVIEW, type OverviewBuilder } from '../levels/curves/overview.ts';
import type { LaneEntries } from '../levels/tiles/lane-tile.ts';
import type { TileBuilder } from '../levels/tiles/tile-builder.ts';
import { isId } from './is-id.ts';
import { UNSET, type LaneTracks, type LwpTrack } from './lane-tracks.ts';
import type { SeriesRegistry } from './series-registry.ts';
import type { TableBuffers } from './table-buffers.ts';

/** Column of the overview that a lane state counts for, -1 for none. */
const OVERVIEW_OF_STATE: Readonly<Int8Array> = (() => {
  const columns = new Int8Array(256).fill(-1);
  columns[LANE_STATE.running] = OVERVIEW.running;
  columns[LANE_STATE.spinning] = OVERVIEW.spinning;
  columns[LANE_STATE.runnable] = OVERVIEW.waiting;
  columns[LANE_STATE.preempted] = OVERVIEW.waiting;
  return columns;
})();

export class LwpLanes {
  private readonly state: MachineState;
  private readonly series: SeriesRegistry;
  private readonly tables: TableBuffers;
  private readonly overview: OverviewBuilder;
  private readonly tracks: LaneTracks;
  /** When the source last admitted not to know what LWPs did, and which. */
  private uncertainNs: Ns = -1;
  private readonly uncertainLwps = new Set<LwpId>();

  constructor(
    state: MachineState,
    series: SeriesRegistry,
    tables: TableBuffers,
    overview: OverviewBuilder,
    tracks: LaneTracks,
  ) {
    this.state = state;
    this.series = series;
    this.tables = tables;
    this.overview = overview;
    this.tracks = tracks;
  }

  /** Brings the lane up to date with the machine. Returns whether the LWP has exited, and had a lane before. */
  settle(track: LwpTrack, nowNs: Ns): boolean {
    track.dirty = false;
    const { lwp } = track;
    const columns = this.state.columns;
    const state = laneStateOf(
      columns[KIND.t_state]![lwp]!,
      columns[KIND.off_cpu_reason]![lwp]!,
      columns[KIND.user_spin]![lwp]!,
      columns[KIND.lwp_alive]![lwp]!,
    );
    const exited = state === LANE_STATE.exited;
    if (exited && track.state === UNSET) return false;
    // Whatever its state: a thread that is preempted while it spins still waits for its lock.
    const sync: SyncId = exited ? NONE : columns[KIND.t_wchan]![lwp]!;
    const cpu: CpuId = track.lastCpu !== NONE ? track.lastCpu : columns[KIND.t_cpu]![lwp]!;
    const holding = track.holdingFlags;
    const open = track.flags & ~LANE_FLAG.uncertain;
    if (state === track.state && sync === track.sync && cpu === track.cpu && holding === open) return exited;

    const unknown = state === LANE_STATE.unknown || this.isUncertain(lwp, nowNs);
    const other = state === LANE_STATE.preempted && isId(cpu) ? this.preemptedBy(track, cpu) : NONE;
    this.close(track, nowNs);
    track.state = state;
    track.cpu = cpu;
    track.sync = sync;
    track.flags = holding | (unknown ? LANE_FLAG.uncertain : 0);
    track.other = other;
    this.open(track, nowNs);

    if (isId(cpu) && columns[KIND.cpu_dispthread]![cpu] === lwp) this.tracks.markCpu(this.tracks.cpu(cpu));
    for (const lock of track.heldLocks) this.tracks.markSync(this.tracks.sync(lock));
    return exited;
  }

  /** The LWP had `cpu` between two of its switches at one instant. */
  ranForNoTime(track: LwpTrack, cpu: CpuId, nowNs: Ns): void {
    const flags = track.holdingFlags;
    this.close(track, nowNs);
    track.state = laneStateOf(
      TS.ONPROC,
      OFF_CPU_REASON.none,
      this.state.columns[KIND.user_spin]![track.lwp]!,
      1,
    );
    track.cpu = cpu;
    track.sync = NONE;
    track.flags = flags;
    track.other = NONE;
    this.open(track, nowNs);
    this.tables.lwpState(track, nowNs, nowNs);
  }

  /** The LWP's CPU is given to another one: what it does from now on. */
  left(track: LwpTrack, to: LwpId): void {
    const { lwp } = track;
    const columns = this.state.columns;
    const state = columns[KIND.t_state]![lwp]!;
    if (state === TS.ONPROC) return;
    track.leftAt = this.tracks.instant;
    track.leftState = laneStateOf(state, columns[KIND.off_cpu_reason]![lwp]!, 0, 1);
    track.leftTo = to;
  }

  /** The LWP has a CPU again at the instant at which it left one. */
  cameBack(track: LwpTrack, nowNs: Ns): void {
    const { lwp, leftState, leftTo, lastCpu } = track;
    this.close(track, nowNs);
    track.other = leftState === LANE_STATE.preempted && leftTo !== lwp ? leftTo : NONE;
    track.state = leftState;
    track.cpu = lastCpu;
    track.sync = NONE;
    track.flags &= ~LANE_FLAG.uncertain;
    this.open(track, nowNs);
    this.tables.lwpState(track, nowNs, nowNs);
  }

  /** The successor of an LWP that lost its CPU becomes known. */
  namePreemptor(lwp: LwpId, other: LwpId): void {
    const track = this.tracks.lwp(lwp);
    if (track?.state !== LANE_STATE.preempted || track.builder === null) return;
    track.other = other;
    track.builder.leaves.lwp[track.builder.lastRow] = other;
    track.builder.touch();
  }

  /** The source does not know what the LWP did just before `timeNs`. */
  uncertain(track: LwpTrack, timeNs: Ns): void {
    if (timeNs !== this.uncertainNs) this.uncertainLwps.clear();
    this.uncertainNs = timeNs;
    this.uncertainLwps.add(track.lwp);
    if (track.builder === null) return;
    track.flags |= LANE_FLAG.uncertain;
    flagLastUncertain(track.builder);
  }

  /** Counts the open interval into the overview. */
  count(track: LwpTrack, endNs: Ns): void {
    const column = track.state < 0 ? -1 : OVERVIEW_OF_STATE[track.state]!;
    if (column >= 0) this.overview.addTime(column, track.countedNs, endNs);
    track.countedNs = endNs;
  }

  /** Ends the open interval. */
  close(track: LwpTrack, endNs: Ns): void {
    const { builder } = track;
    if (builder === null || track.state === LANE_STATE.exited) return;
    const startNs: Ns = builder.leaves.start[builder.lastRow]!;
    if (endNs <= startNs) return;
    this.count(track, endNs);
    this.tables.lwpState(track, startNs, endNs);
  }

  /** Begins the interval that the fields of `track` say. */
  private open(track: LwpTrack, nowNs: Ns): void {
    track.countedNs = nowNs;
    const builder = (track.builder ??= this.series.lwpLane(track.lwp));
    const row = builder.push(nowNs);
    const nodes = builder.leaves;
    nodes.lwp[row] = track.other;
    nodes.sync[row] = track.sync;
    nodes.cpu[row] = track.cpu;
    nodes.state[row] = track.state;
    nodes.flags[row] = track.flags;
    this.tables.changes?.lwpState(nowNs, track.lwp, track.state, track.cpu, track.sync);
  }

  /** LWP that has the CPU now; where none has it yet, the CPU remembers to tell. */
  private preemptedBy(track: LwpTrack, cpu: CpuId): LwpId {
    const isNew = track.leftAt === this.tracks.instant && isId(track.leftTo);
    const runner: LwpId = isNew ? track.leftTo : (this.state.columns[KIND.cpu_dispthread]![cpu] ?? NONE);
    if (isId(runner) && runner !== track.lwp) return runner;
    this.tracks.cpu(cpu).preempted = track.lwp;
    return NONE;
  }

  private isUncertain(lwp: LwpId, timeNs: Ns): boolean {
    return timeNs === this.uncertainNs && this.uncertainLwps.has(lwp);
  }
}

/** The last interval of a lane is not exactly known. */
export function flagLastUncertain(builder: TileBuilder<LaneEntries>): void {
  const row = builder.lastRow;
  builder.leaves.flags[row] = builder.leaves.flags[row]! | LANE_FLAG.uncertain;
  builder.touch();
}
