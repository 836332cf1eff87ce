/**
 * Lanes of LWPs, CPUs and locks: what each was doing when.
 *
 * A lane's state depends on several fields that are assigned one after the other at the same instant; so
 * a lane that was touched is only looked at again when time has moved on ({@link Lanes.settle}): LWPs first, as what a
 * CPU and a lock show is what their LWP does.
 */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import type { OverviewBuilder } from '../levels/curves/overview.ts';
import { CpuLanes } from './cpu-lanes.ts';
import { isId } from './is-id.ts';
import { LaneTracks, type LwpTrack } from './lane-tracks.ts';
import { LwpLanes } from './lwp-lanes.ts';
import type { SeriesRegistry } from './series-registry.ts';
import { SyncLanes } from './sync-lanes.ts';
import type { TableBuffers } from './table-buffers.ts';

export class Lanes {
  readonly cpus: CpuLanes;
  readonly syncs: SyncLanes;
  private readonly lwps: LwpLanes;
  private readonly state: MachineState;
  private readonly series: SeriesRegistry;
  private readonly onEnded: (lwp: LwpId) => void;
  private readonly tracks: LaneTracks;
  private readonly exited: LwpTrack[] = [];

  /** @param onEnded is told each LWP of which {@link hasEnded} is true from now on */
  constructor(
    state: MachineState,
    series: SeriesRegistry,
    tables: TableBuffers,
    overview: OverviewBuilder,
    onEnded: (lwp: LwpId) => void,
  ) {
    this.state = state;
    this.series = series;
    this.onEnded = onEnded;
    this.tracks = new LaneTracks(state);
    this.lwps = new LwpLanes(state, series, tables, overview, this.tracks);
    this.cpus = new CpuLanes(state, series, tables, this.tracks, this.lwps);
    this.syncs = new SyncLanes(state, series, tables, this.tracks);
  }

  /** Whether an LWP exited before now and left nothing behind: its lane is complete. */
  hasEnded(lwp: LwpId): boolean {
    return lwp >= 0 && this.tracks.lwps[lwp] === null;
  }

  /** A field that decides an LWP's lane state was assigned. */
  touchLwp(lwp: LwpId): void {
    const track = this.tracks.lwp(lwp);
    if (track !== null) this.tracks.markLwp(track);
  }

  /** The source does not know what happened on `cpu` just before `timeNs`; both LWPs are concerned. */
  uncertain(cpu: CpuId, lwpA: LwpId, lwpB: LwpId, timeNs: Ns): void {
    if (isId(cpu)) this.cpus.uncertain(this.tracks.cpu(cpu), timeNs);
    for (const lwp of [lwpA, lwpB]) {
      const track = this.tracks.lwp(lwp);
      if (track !== null) this.lwps.uncertain(track, timeNs);
    }
  }

  /** Brings the lanes touched at `nowNs` up to date; called when time moves on. */
  settle(nowNs: Ns): void {
    const { dirtyLwps, dirtyCpus, dirtySyncs } = this.tracks;
    for (const track of dirtyLwps) if (this.lwps.settle(track, nowNs)) this.exited.push(track);
    dirtyLwps.length = 0;
    for (const track of dirtyCpus) this.cpus.settle(track, nowNs);
    dirtyCpus.length = 0;
    for (const track of dirtySyncs) this.syncs.settle(track, nowNs);
    dirtySyncs.length = 0;
    for (const track of this.exited) this.end(track);
    this.exited.length = 0;
    this.tracks.instant++;
  }

  /** Counts the intervals still open into the overview. */
  countOpen(nowNs: Ns): void {
    for (const track of this.tracks.lwps) if (track) this.lwps.count(track, nowNs);
  }

  /** The trace ends: intervals still open end with it. */
  finish(nowNs: Ns): void {
    const { lwps, cpus, syncs } = this.tracks;
    for (const track of lwps) {
      if (!track) continue;
      this.syncs.endWait(track, nowNs);
      this.lwps.close(track, nowNs);
    }
    for (const track of cpus) if (track !== undefined) this.cpus.closeRun(track, nowNs);
    for (const track of syncs) if (track !== undefined) this.syncs.closeHold(track, nowNs);
  }

  /** An LWP that exited is let go of, unless it is a zombie, or a lock or a CPU still has it. */
  private end(track: LwpTrack): void {
    const { lwp, builder, lastCpu, locks } = track;
    if (this.state.read(KIND.lwp_alive, lwp) !== 0) return;
    if (locks !== null && (locks.held.length > 0 || locks.waitSync !== NONE)) return;
    if (isId(lastCpu) && this.state.read(KIND.cpu_dispthread, lastCpu) === lwp) return;
    if (builder !== null) this.series.retire(builder);
    this.tracks.lwps[lwp] = null;
    this.onEnded(lwp);
  }
}
