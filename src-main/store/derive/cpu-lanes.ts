/**
 * Lanes of CPUs: which LWP had each when, and what it was doing there; and the runs, each from one switch to the next.
 *
 * Time stamps in microseconds show threads that came and went within one: such a run has no length, and is in all
 * tables and lanes.
 *
 * Hot: allocates only for a CPU's first interval.
 */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { LANE_STATE, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { isId } from './is-id.ts';
import type { CpuTrack, LaneTracks } from './lane-tracks.ts';
import { flagLastUncertain, type LwpLanes } from './lwp-lanes.ts';
import type { SeriesRegistry } from './series-registry.ts';
import type { TableBuffers } from './table-buffers.ts';

export class CpuLanes {
  private readonly state: MachineState;
  private readonly series: SeriesRegistry;
  private readonly tables: TableBuffers;
  private readonly tracks: LaneTracks;
  private readonly lwpLanes: LwpLanes;

  constructor(
    state: MachineState,
    series: SeriesRegistry,
    tables: TableBuffers,
    tracks: LaneTracks,
    lwpLanes: LwpLanes,
  ) {
    this.state = state;
    this.series = series;
    this.tables = tables;
    this.tracks = tracks;
    this.lwpLanes = lwpLanes;
  }

  /** cpu_dispthread was assigned. */
  switched(cpu: CpuId, lwp: LwpId, timeNs: Ns): void {
    const { tracks } = this;
    const on = tracks.cpu(cpu);
    if (on.dirty && on.latest !== on.lwp) this.passed(on, lwp, timeNs);
    const before = tracks.lwp(on.latest);
    if (before !== null) this.lwpLanes.left(before, lwp);
    on.latest = lwp;
    tracks.markCpu(on);
    const track = tracks.lwp(lwp);
    if (track === null) return;
    if (track.leftAt === tracks.instant && on.lwp !== lwp && isOnCpu(track.state)) {
      this.lwpLanes.cameBack(track, timeNs);
    }
    track.lastCpu = cpu;
    tracks.markLwp(track);
  }

  /** Brings the lane up to date with the machine. */
  settle(track: CpuTrack, nowNs: Ns): void {
    track.dirty = false;
    const lwp: LwpId = this.state.columns[KIND.cpu_dispthread]![track.cpu]!;
    const runner = this.tracks.lwp(lwp);
    const state = runner === null ? 0 : Math.max(0, runner.state);
    const sync = runner === null ? NONE : runner.sync;
    const flags = runner === null ? 0 : runner.flags & ~LANE_FLAG.uncertain;
    const isSame = lwp === track.lwp && state === track.state && sync === track.sync && flags === track.flags;
    if (isSame) return;
    if (lwp !== track.lwp) this.beginRun(track, lwp, nowNs);
    track.state = state;
    track.sync = sync;
    track.flags = flags;
    this.open(track, nowNs);
  }

  /** The source does not know what happened on the CPU just before `timeNs`. */
  uncertain(track: CpuTrack, timeNs: Ns): void {
    track.uncertainNs = timeNs;
    if (track.builder !== null) flagLastUncertain(track.builder);
  }

  /** Ends the run under way. */
  closeRun(track: CpuTrack, endNs: Ns): void {
    if (isId(track.lwp) && endNs > track.runStartNs) {
      this.tables.cpuRun(track.cpu, track.lwp, track.runStartNs, endNs);
    }
  }

  /**
   * A CPU's second switch at one instant: the LWP that had it in between ran for no time. Not so one that disp() chose
   * and did not ratify, which is as it was chosen (TS_ONPROC); and idleness counts only as the end of a run that goes
   * on after it.
   */
  private passed(track: CpuTrack, next: LwpId, nowNs: Ns): void {
    const lwp = track.latest;
    const runner = this.tracks.lwp(lwp);
    if (runner === null) {
      if (next === track.lwp) this.passThrough(track, NONE, nowNs);
      return;
    }
    if (this.state.columns[KIND.t_state]![lwp] === TS.ONPROC) return;
    this.lwpLanes.ranForNoTime(runner, track.cpu, nowNs);
    this.passThrough(track, lwp, nowNs);
    this.tables.cpuRun(track.cpu, lwp, nowNs, nowNs);
  }

  private passThrough(track: CpuTrack, lwp: LwpId, nowNs: Ns): void {
    const runner = this.tracks.lwp(lwp);
    if (lwp !== track.lwp) this.beginRun(track, lwp, nowNs);
    track.state = runner === null ? 0 : runner.state;
    track.sync = NONE;
    track.flags = runner === null ? 0 : runner.flags;
    this.open(track, nowNs);
  }

  /** The run under way ends, and that of `lwp` begins. */
  private beginRun(track: CpuTrack, lwp: LwpId, nowNs: Ns): void {
    this.closeRun(track, nowNs);
    if (isId(lwp) && track.preempted !== NONE) {
      if (track.preempted !== lwp) this.lwpLanes.namePreemptor(track.preempted, lwp);
      track.preempted = NONE;
    }
    track.runStartNs = nowNs;
    track.lwp = lwp;
    this.tables.changes?.cpuRuns(nowNs, track.cpu, isId(lwp) ? lwp : NONE);
  }

  /** Begins the interval that the fields of `track` say. */
  private open(track: CpuTrack, nowNs: Ns): void {
    const builder = (track.builder ??= this.series.cpuLane(track.cpu));
    const row = builder.push(nowNs);
    const nodes = builder.leaves;
    nodes.lwp[row] = track.lwp;
    nodes.sync[row] = track.sync;
    nodes.cpu[row] = track.cpu;
    nodes.state[row] = track.state;
    nodes.flags[row] = track.flags | (track.uncertainNs === nowNs ? LANE_FLAG.uncertain : 0);
  }
}

const isOnCpu = (state: number): boolean => state === LANE_STATE.running || state === LANE_STATE.spinning;
