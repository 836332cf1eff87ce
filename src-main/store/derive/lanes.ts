/**
 * Lanes of LWPs, CPUs and locks: what each was doing when.
 *
 * A lane's state depends on several fields that are assigned one after the other at the same instant; so
 * a lane that was touched is only looked at again when time has moved on ({@link LaneDeriver.settle}).
 *
 * Intervals of no length do not exist, but for those that a CPU's switches at one instant delimit: stamps of microseconds
 * show threads that came and went within one. Such a run is in all tables and lanes, and so is the time that a thread
 * spent off its CPU where it was back at the same instant.
 *
 * What is kept of an LWP goes when it has ended, so that memory grows with those that live, not with all that ever did.
 *
 * Hot: allocates only when an LWP, CPU or lock appears for the first time.
 */
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import { NONE } from '#shared/base/none.ts';
import { LANE_STATE, OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { laneStateOf } from '#shared/model/lane-state.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import type { LaneEntries } from '../levels/tiles/lane-tile.ts';
import { OVERVIEW, type OverviewBuilder } from '../levels/curves/overview.ts';
import type { TileBuilder } from '../levels/tiles/tile-builder.ts';
import type { DerivedRows } from './derived-rows.ts';
import { isId } from './is-id.ts';
import type { SeriesRegistry } from './series-registry.ts';

/** Never settled yet. */
const UNSET = -2;

/** Column of the overview that a lane state counts for, -1 for none. */
const OVERVIEW_OF_STATE = new Int8Array(256).fill(-1);
OVERVIEW_OF_STATE[LANE_STATE.running] = OVERVIEW.running;
OVERVIEW_OF_STATE[LANE_STATE.spinning] = OVERVIEW.spinning;
OVERVIEW_OF_STATE[LANE_STATE.runnable] = OVERVIEW.waiting;
OVERVIEW_OF_STATE[LANE_STATE.preempted] = OVERVIEW.waiting;

class LwpTrack {
  readonly lwp: number;
  builder: TileBuilder<LaneEntries> | null = null;
  dirty = false;
  state: number = UNSET;
  cpu: number = NONE;
  sync: number = NONE;
  flags = 0;
  other: number = NONE;
  /** CPU that it ran on last. */
  lastCpu: number = NONE;
  /** At which instant it last left a CPU, in which state, and the LWP that came after it. */
  leftAt = -1;
  leftState: number = UNSET;
  leftTo: number = NONE;
  /** Up to when the overview has counted the open interval. */
  countedNs = 0;
  /** Null until it has to do with any. */
  locks: LwpLocks | null = null;

  constructor(lwp: number) {
    this.lwp = lwp;
  }
}

/** An LWP's locks: apart, as most threads that a trace shows have none. */
class LwpLocks {
  readonly held: number[] = [];
  waitSync: number = NONE;
  waitStart = 0;
  waitHolder: number = NONE;
}

const NO_LOCKS: readonly number[] = [];

class CpuTrack {
  readonly cpu: number;
  builder: TileBuilder<LaneEntries> | null = null;
  dirty = false;
  lwp: number = UNSET;
  /** LWP that has it as of the last assignment; {@link lwp} is that of the last interval. */
  latest: number = UNSET;
  runStart = 0;
  state = 0;
  sync: number = NONE;
  flags = 0;
  /** LWP that lost this CPU and does not know to whom yet. */
  preempted: number = NONE;
  uncertainNs = -1;

  constructor(cpu: number) {
    this.cpu = cpu;
  }
}

class SyncTrack {
  readonly sync: number;
  builder: TileBuilder<LaneEntries> | null = null;
  dirty = false;
  owner: number = UNSET;
  since = 0;
  state = 0;
  cpu: number = NONE;

  constructor(sync: number) {
    this.sync = sync;
  }
}

export class LaneDeriver {
  private readonly state: MachineState;
  private readonly series: SeriesRegistry;
  private readonly rows: DerivedRows;
  private readonly overview: OverviewBuilder;
  private readonly onEnded: (lwp: number) => void;
  /** Undefined for one that was not met yet, null for one that has ended. */
  private readonly lwps: (LwpTrack | null | undefined)[] = [];
  private readonly cpus: CpuTrack[] = [];
  private readonly syncs: SyncTrack[] = [];
  private readonly dirtyLwps: LwpTrack[] = [];
  private readonly dirtyCpus: CpuTrack[] = [];
  private readonly dirtySyncs: SyncTrack[] = [];
  private readonly exited: LwpTrack[] = [];
  /** Number of the instant at hand, of those at which anything was touched. */
  private instant = 0;
  /** When the source last admitted not to know what LWPs did, and which. */
  private uncertainNs = -1;
  private readonly uncertainLwps = new Set<number>();

  /** @param onEnded is told each LWP of which {@link hasEnded} is true from now on */
  constructor(
    state: MachineState,
    series: SeriesRegistry,
    rows: DerivedRows,
    overview: OverviewBuilder,
    onEnded: (lwp: number) => void,
  ) {
    this.state = state;
    this.series = series;
    this.rows = rows;
    this.overview = overview;
    this.onEnded = onEnded;
  }

  /** Whether an LWP exited before now and left nothing behind: its lane is complete. */
  hasEnded(lwp: number): boolean {
    return lwp >= 0 && this.lwps[lwp] === null;
  }

  /** A field that decides an LWP's lane state was assigned. */
  touchLwp(lwp: number): void {
    const track = this.lwp(lwp);
    if (track !== null) this.markLwp(track);
  }

  /** cpu_dispthread was assigned. */
  switched(cpu: number, lwp: number, timeNs: number): void {
    const on = this.cpu(cpu);
    if (on.dirty && on.latest !== on.lwp) this.passed(on, lwp, timeNs);
    const before = this.lwp(on.latest);
    if (before !== null) this.left(before, lwp);
    on.latest = lwp;
    this.markCpu(on);
    const track = this.lwp(lwp);
    if (track === null) return;
    if (track.leftAt === this.instant && on.lwp !== lwp && isOnCpu(track.state)) this.cameBack(track, timeNs);
    track.lastCpu = cpu;
    this.markLwp(track);
  }

  /** t_wchan was assigned. */
  waits(lwp: number, sync: number, timeNs: number): void {
    const track = this.lwp(lwp);
    if (track === null) return;
    this.endWait(track, timeNs);
    const locks = (track.locks ??= new LwpLocks());
    locks.waitSync = sync;
    locks.waitStart = timeNs;
    locks.waitHolder = isId(sync) ? this.state.read(KIND.sync_owner, sync) : NONE;
    this.markLwp(track);
  }

  /** sync_owner was assigned. */
  owned(sync: number, oldOwner: number, newOwner: number): void {
    const before = this.lwp(oldOwner);
    if (before !== null) {
      const held = before.locks?.held ?? NO_LOCKS;
      const at = held.indexOf(sync);
      if (at >= 0) before.locks!.held.splice(at, 1);
      this.markLwp(before);
    }
    const holder = this.lwp(newOwner);
    if (holder !== null) {
      const { held } = (holder.locks ??= new LwpLocks());
      if (!held.includes(sync)) held.push(sync);
      this.markLwp(holder);
    }
    this.markSync(this.sync(sync));
  }

  /** The source does not know what happened on `cpu` just before `timeNs`; `lwps` are concerned. */
  uncertain(cpu: number, lwpA: number, lwpB: number, timeNs: number): void {
    if (isId(cpu)) {
      const track = this.cpu(cpu);
      track.uncertainNs = timeNs;
      if (track.builder !== null) flagLast(track.builder);
    }
    for (const lwp of [lwpA, lwpB]) {
      const track = this.lwp(lwp);
      if (track === null) continue;
      this.noteUncertain(lwp, timeNs);
      if (track.builder === null) continue;
      track.flags |= LANE_FLAG.uncertain;
      flagLast(track.builder);
    }
  }

  /** Brings the lanes touched at `nowNs` up to date; called when time moves on. */
  settle(nowNs: number): void {
    for (const track of this.dirtyLwps) this.settleLwp(track, nowNs);
    this.dirtyLwps.length = 0;
    for (const track of this.dirtyCpus) this.settleCpu(track, nowNs);
    this.dirtyCpus.length = 0;
    for (const track of this.dirtySyncs) this.settleSync(track, nowNs);
    this.dirtySyncs.length = 0;
    for (const track of this.exited) this.endLwp(track);
    this.exited.length = 0;
    this.instant++;
  }

  /** Counts the intervals still open into the overview. */
  countOpen(nowNs: number): void {
    for (const track of this.lwps) if (track) this.count(track, nowNs);
  }

  /** The trace ends: intervals still open end with it. */
  finish(nowNs: number): void {
    for (const track of this.lwps) {
      if (!track) continue;
      this.endWait(track, nowNs);
      this.closeLwp(track, nowNs);
    }
    for (const track of this.cpus) if (track !== undefined) this.closeRun(track, nowNs);
    for (const track of this.syncs) if (track !== undefined) this.closeHold(track, nowNs);
  }

  /**
   * A CPU's second switch at one instant: who had it in between ran for no time. Not so one that disp() chose and did not
   * ratify, which is as it was chosen (TS_ONPROC); and idleness counts only as the end of a run that goes on after it.
   */
  private passed(track: CpuTrack, next: number, nowNs: number): void {
    const lwp = track.latest;
    const runner = this.lwp(lwp);
    if (runner === null) {
      if (next === track.lwp) this.beginOnCpu(track, NONE, 0, NONE, 0, nowNs);
      return;
    }
    const columns = this.state.columns;
    if (columns[KIND.t_state]![lwp] === TS.ONPROC) return;
    const state = laneStateOf(TS.ONPROC, OFF_CPU_REASON.none, columns[KIND.user_spin]![lwp]!, 1);
    const flags = (runner.locks?.held ?? NO_LOCKS).length > 0 ? LANE_FLAG.holdsLock : 0;
    this.pushLwp(runner, nowNs, state, track.cpu, NONE, flags, NONE);
    this.rows.lwpState(lwp, nowNs, nowNs, state, track.cpu, NONE, NONE, flags);
    this.beginOnCpu(track, lwp, state, NONE, flags, nowNs);
    this.rows.cpuRun(track.cpu, lwp, nowNs, nowNs);
  }

  /** An LWP's CPU is given to another one: what it does from now on. */
  private left(track: LwpTrack, to: number): void {
    const { lwp } = track;
    const columns = this.state.columns;
    const state = columns[KIND.t_state]![lwp]!;
    if (state === TS.ONPROC) return;
    track.leftAt = this.instant;
    track.leftState = laneStateOf(state, columns[KIND.off_cpu_reason]![lwp]!, 0, 1);
    track.leftTo = to;
  }

  /** An LWP has a CPU again at the instant at which it left one. */
  private cameBack(track: LwpTrack, nowNs: number): void {
    const { lwp, leftState, flags, lastCpu } = track;
    const other = leftState === LANE_STATE.preempted && track.leftTo !== lwp ? track.leftTo : NONE;
    const holds = flags & ~LANE_FLAG.uncertain;
    this.pushLwp(track, nowNs, leftState, lastCpu, NONE, holds, other);
    this.rows.lwpState(lwp, nowNs, nowNs, leftState, lastCpu, other, NONE, holds);
  }

  private settleLwp(track: LwpTrack, nowNs: number): void {
    track.dirty = false;
    const lwp = track.lwp;
    const columns = this.state.columns;
    const state = laneStateOf(
      columns[KIND.t_state]![lwp]!,
      columns[KIND.off_cpu_reason]![lwp]!,
      columns[KIND.user_spin]![lwp]!,
      columns[KIND.lwp_alive]![lwp]!,
    );
    // Whatever its state: a thread that is preempted while it spins still waits for its lock.
    const sync = state !== LANE_STATE.exited ? columns[KIND.t_wchan]![lwp]! : NONE;
    const cpu = track.lastCpu !== NONE ? track.lastCpu : columns[KIND.t_cpu]![lwp]!;
    const held = track.locks?.held ?? NO_LOCKS;
    const holds = held.length > 0 ? LANE_FLAG.holdsLock : 0;
    const open = track.flags & ~LANE_FLAG.uncertain;
    if (state === LANE_STATE.exited) {
      if (track.state === UNSET) return;
      this.exited.push(track);
    }
    if (state === track.state && sync === track.sync && cpu === track.cpu && holds === open) return;

    const unknown = state === LANE_STATE.unknown || this.isUncertain(lwp, nowNs);
    let other: number = NONE;
    if (state === LANE_STATE.preempted && isId(cpu)) {
      const isNew = track.leftAt === this.instant && isId(track.leftTo);
      const runner = isNew ? track.leftTo : (columns[KIND.cpu_dispthread]![cpu] ?? NONE);
      if (isId(runner) && runner !== lwp) other = runner;
      else this.cpu(cpu).preempted = lwp;
    }
    this.pushLwp(track, nowNs, state, cpu, sync, holds | (unknown ? LANE_FLAG.uncertain : 0), other);

    if (isId(cpu) && columns[KIND.cpu_dispthread]![cpu] === lwp) this.markCpu(this.cpu(cpu));
    for (const lock of held) this.markSync(this.sync(lock));
  }

  /** An LWP's interval ends, and another one begins. */
  private pushLwp(
    track: LwpTrack,
    nowNs: number,
    state: number,
    cpu: number,
    sync: number,
    flags: number,
    other: number,
  ): void {
    this.closeLwp(track, nowNs);
    track.state = state;
    track.countedNs = nowNs;
    track.cpu = cpu;
    track.sync = sync;
    track.flags = flags;
    track.other = other;
    const builder = (track.builder ??= this.series.lwpLane(track.lwp));
    const row = builder.push(nowNs);
    const nodes = builder.leaves;
    nodes.lwp[row] = other;
    nodes.sync[row] = sync;
    nodes.cpu[row] = cpu;
    nodes.state[row] = state;
    nodes.flags[row] = flags;
  }

  private settleCpu(track: CpuTrack, nowNs: number): void {
    track.dirty = false;
    const lwp = this.state.columns[KIND.cpu_dispthread]![track.cpu]!;
    const runner = this.lwp(lwp);
    const state = runner === null ? 0 : Math.max(0, runner.state);
    const sync = runner === null ? NONE : runner.sync;
    const flags = runner === null ? 0 : runner.flags & ~LANE_FLAG.uncertain;
    const isSame = lwp === track.lwp && state === track.state && sync === track.sync && flags === track.flags;
    if (!isSame) this.beginOnCpu(track, lwp, state, sync, flags, nowNs);
  }

  /** A CPU's interval ends, and another one begins: of the same run, where the LWP is the same. */
  private beginOnCpu(
    track: CpuTrack,
    lwp: number,
    state: number,
    sync: number,
    flags: number,
    nowNs: number,
  ): void {
    if (lwp !== track.lwp) {
      this.closeRun(track, nowNs);
      if (isId(lwp) && track.preempted !== NONE) {
        if (track.preempted !== lwp) this.nameOther(track.preempted, lwp);
        track.preempted = NONE;
      }
      track.runStart = nowNs;
    }
    track.lwp = lwp;
    track.state = state;
    track.sync = sync;
    track.flags = flags;
    const builder = (track.builder ??= this.series.cpuLane(track.cpu));
    const row = builder.push(nowNs);
    const nodes = builder.leaves;
    nodes.lwp[row] = lwp;
    nodes.sync[row] = sync;
    nodes.cpu[row] = track.cpu;
    nodes.state[row] = state;
    nodes.flags[row] = flags | (track.uncertainNs === nowNs ? LANE_FLAG.uncertain : 0);
  }

  private settleSync(track: SyncTrack, nowNs: number): void {
    track.dirty = false;
    const owner = this.state.columns[KIND.sync_owner]![track.sync]!;
    const holder = this.lwp(owner);
    const state = holder === null ? 0 : Math.max(0, holder.state);
    const cpu = holder === null ? NONE : holder.cpu;
    if (owner !== track.owner) {
      this.closeHold(track, nowNs);
      track.since = nowNs;
    } else if (state === track.state && cpu === track.cpu) return;
    track.owner = owner;
    track.state = state;
    track.cpu = cpu;
    const builder = (track.builder ??= this.series.syncLane(track.sync));
    const row = builder.push(nowNs);
    const nodes = builder.leaves;
    nodes.lwp[row] = owner;
    nodes.sync[row] = track.sync;
    nodes.cpu[row] = cpu;
    nodes.state[row] = state;
    nodes.flags[row] = 0;
  }

  private nameOther(lwp: number, other: number): void {
    const track = this.lwp(lwp);
    if (track?.state !== LANE_STATE.preempted || track.builder === null) return;
    track.other = other;
    track.builder.leaves.lwp[track.builder.lastRow] = other;
    track.builder.touch();
  }

  private closeLwp(track: LwpTrack, endNs: number): void {
    const { builder } = track;
    if (builder === null || track.state === LANE_STATE.exited) return;
    const startNs = builder.leaves.start[builder.lastRow]!;
    if (endNs <= startNs) return;
    this.count(track, endNs);
    this.rows.lwpState(
      track.lwp,
      startNs,
      endNs,
      track.state,
      track.cpu,
      track.other,
      track.sync,
      track.flags,
    );
  }

  private count(track: LwpTrack, endNs: number): void {
    const column = track.state < 0 ? -1 : OVERVIEW_OF_STATE[track.state]!;
    if (column >= 0) this.overview.addTime(column, track.countedNs, endNs);
    track.countedNs = endNs;
  }

  private closeRun(track: CpuTrack, endNs: number): void {
    if (isId(track.lwp) && endNs > track.runStart) {
      this.rows.cpuRun(track.cpu, track.lwp, track.runStart, endNs);
    }
  }

  private closeHold(track: SyncTrack, endNs: number): void {
    if (isId(track.owner) && endNs > track.since) {
      this.rows.lockHold(track.sync, track.owner, track.since, endNs);
    }
  }

  private endWait(track: LwpTrack, endNs: number): void {
    const { locks } = track;
    if (locks === null) return;
    if (isId(locks.waitSync) && endNs > locks.waitStart) {
      this.rows.lockWait(locks.waitSync, track.lwp, locks.waitStart, endNs, locks.waitHolder);
    }
    locks.waitSync = NONE;
  }

  private noteUncertain(lwp: number, timeNs: number): void {
    if (timeNs !== this.uncertainNs) this.uncertainLwps.clear();
    this.uncertainNs = timeNs;
    this.uncertainLwps.add(lwp);
  }

  private isUncertain(lwp: number, timeNs: number): boolean {
    return timeNs === this.uncertainNs && this.uncertainLwps.has(lwp);
  }

  private markLwp(track: LwpTrack): void {
    if (track.dirty) return;
    track.dirty = true;
    this.dirtyLwps.push(track);
  }

  private markCpu(track: CpuTrack): void {
    if (track.dirty) return;
    track.dirty = true;
    this.dirtyCpus.push(track);
  }

  private markSync(track: SyncTrack): void {
    if (track.dirty) return;
    track.dirty = true;
    this.dirtySyncs.push(track);
  }

  /** An LWP that exited is let go of, unless it is a zombie, or a lock or a CPU still has it. */
  private endLwp(track: LwpTrack): void {
    const { lwp, builder, lastCpu, locks } = track;
    if (this.state.read(KIND.lwp_alive, lwp) !== 0) return;
    if (locks !== null && (locks.held.length > 0 || locks.waitSync !== NONE)) return;
    if (isId(lastCpu) && this.state.read(KIND.cpu_dispthread, lastCpu) === lwp) return;
    if (builder !== null) this.series.retire(builder);
    this.lwps[lwp] = null;
    this.onEnded(lwp);
  }

  /** Null where there is none, and for one that has ended. */
  private lwp(lwp: number): LwpTrack | null {
    if (!isId(lwp)) return null;
    const track = this.lwps[lwp];
    return track === undefined ? (this.lwps[lwp] = this.newLwp(lwp)) : track;
  }

  private newLwp(lwp: number): LwpTrack {
    // A value may name an LWP that has no row of its own yet; its columns must exist when it is looked at.
    this.state.ensure('lwp', lwp);
    return new LwpTrack(lwp);
  }

  private cpu(cpu: number): CpuTrack {
    return (this.cpus[cpu] ??= this.newCpu(cpu));
  }

  private newCpu(cpu: number): CpuTrack {
    this.state.ensure('cpu', cpu);
    return new CpuTrack(cpu);
  }

  private sync(sync: number): SyncTrack {
    return (this.syncs[sync] ??= this.newSync(sync));
  }

  private newSync(sync: number): SyncTrack {
    this.state.ensure('sync', sync);
    return new SyncTrack(sync);
  }
}

const isOnCpu = (state: number): boolean => state === LANE_STATE.running || state === LANE_STATE.spinning;

function flagLast(builder: TileBuilder<LaneEntries>): void {
  const row = builder.lastRow;
  builder.leaves.flags[row] = builder.leaves.flags[row]! | LANE_FLAG.uncertain;
  builder.touch();
}
