/**
 * What is kept of each LWP, CPU and lock while its lane is made, and which of them were touched at the instant at hand.
 *
 * What is kept of an LWP goes when it has ended, so that memory grows with those that live, not with all that ever did.
 *
 * Hot: allocates only when an LWP, CPU or lock appears for the first time.
 */
import type { CpuId, LwpId, Ns, SyncId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import type { LaneEntries } from '../levels/tiles/lane-tile.ts';
import type { TileBuilder } from '../levels/tiles/tile-builder.ts';
import { isId } from './is-id.ts';

/** Never settled yet. */
export const UNSET = -2;

const NO_LOCKS: readonly SyncId[] = [];

/** An LWP: the fields from `state` on say what its open interval is. */
export class LwpTrack {
  readonly lwp: LwpId;
  builder: TileBuilder<LaneEntries> | null = null;
  dirty = false;
  state: number = UNSET;
  cpu: CpuId = NONE;
  sync: SyncId = NONE;
  flags = 0;
  /** LWP that preempted it. */
  other: LwpId = NONE;
  /** CPU that it ran on last. */
  lastCpu: CpuId = NONE;
  /** At which instant it last left a CPU, in which state, and the LWP that came after it. */
  leftAt = -1;
  leftState: number = UNSET;
  leftTo: LwpId = NONE;
  /** Up to when the overview has counted the open interval. */
  countedNs: Ns = 0;
  /** Null until it has to do with any. */
  locks: LwpLocks | null = null;

  constructor(lwp: LwpId) {
    this.lwp = lwp;
  }

  get heldLocks(): readonly SyncId[] {
    return this.locks?.held ?? NO_LOCKS;
  }

  /** Flags that follow from what it holds. */
  get holdingFlags(): number {
    return this.heldLocks.length > 0 ? LANE_FLAG.holdsLock : 0;
  }
}

/** An LWP's locks: apart, as most threads that a trace shows have none. */
export class LwpLocks {
  readonly held: SyncId[] = [];
  waitSync: SyncId = NONE;
  waitStartNs: Ns = 0;
  waitHolder: LwpId = NONE;
}

export class CpuTrack {
  readonly cpu: CpuId;
  builder: TileBuilder<LaneEntries> | null = null;
  dirty = false;
  lwp: LwpId = UNSET;
  /** LWP that has it as of the last assignment; {@link lwp} is that of the last interval. */
  latest: LwpId = UNSET;
  runStartNs: Ns = 0;
  state = 0;
  sync: SyncId = NONE;
  flags = 0;
  /** LWP that lost this CPU, while its successor is still unknown. */
  preempted: LwpId = NONE;
  uncertainNs: Ns = -1;

  constructor(cpu: CpuId) {
    this.cpu = cpu;
  }
}

export class SyncTrack {
  readonly sync: SyncId;
  builder: TileBuilder<LaneEntries> | null = null;
  dirty = false;
  owner: LwpId = UNSET;
  sinceNs: Ns = 0;
  state = 0;
  cpu: CpuId = NONE;

  constructor(sync: SyncId) {
    this.sync = sync;
  }
}

export class LaneTracks {
  /** Undefined for one that was not met yet, null for one that has ended. */
  readonly lwps: (LwpTrack | null | undefined)[] = [];
  readonly cpus: (CpuTrack | undefined)[] = [];
  readonly syncs: (SyncTrack | undefined)[] = [];
  /** Touched at the instant at hand. */
  readonly dirtyLwps: LwpTrack[] = [];
  readonly dirtyCpus: CpuTrack[] = [];
  readonly dirtySyncs: SyncTrack[] = [];
  /** Number of the instant at hand, of those at which anything was touched. */
  instant = 0;
  private readonly state: MachineState;

  constructor(state: MachineState) {
    this.state = state;
  }

  /** Null where there is none, and for one that has ended. */
  lwp(lwp: LwpId): LwpTrack | null {
    if (!isId(lwp)) return null;
    const track = this.lwps[lwp];
    return track === undefined ? (this.lwps[lwp] = this.newLwp(lwp)) : track;
  }

  cpu(cpu: CpuId): CpuTrack {
    return (this.cpus[cpu] ??= this.newCpu(cpu));
  }

  sync(sync: SyncId): SyncTrack {
    return (this.syncs[sync] ??= this.newSync(sync));
  }

  markLwp(track: LwpTrack): void {
    if (track.dirty) return;
    track.dirty = true;
    this.dirtyLwps.push(track);
  }

  markCpu(track: CpuTrack): void {
    if (track.dirty) return;
    track.dirty = true;
    this.dirtyCpus.push(track);
  }

  markSync(track: SyncTrack): void {
    if (track.dirty) return;
    track.dirty = true;
    this.dirtySyncs.push(track);
  }

  // A value may name a subject that has no row of its own yet; its columns must exist when it is looked at.

  private newLwp(lwp: LwpId): LwpTrack {
    this.state.ensure('lwp', lwp);
    return new LwpTrack(lwp);
  }

  private newCpu(cpu: CpuId): CpuTrack {
    this.state.ensure('cpu', cpu);
    return new CpuTrack(cpu);
  }

  private newSync(sync: SyncId): SyncTrack {
    this.state.ensure('sync', sync);
    return new SyncTrack(sync);
  }
}
