/**
 * Lanes of locks: which LWP held each when, and what it was doing; and the LWPs' holds and waits.
 *
 * Hot: allocates only for an LWP's first lock, and for a lock's first interval.
 */
import type { LwpId, Ns, SyncId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { isId } from './is-id.ts';
import { LwpLocks, type LaneTracks, type LwpTrack, type SyncTrack } from './lane-tracks.ts';
import type { SeriesRegistry } from './series-registry.ts';
import type { TableBuffers } from './table-buffers.ts';

export class SyncLanes {
  private readonly state: MachineState;
  private readonly series: SeriesRegistry;
  private readonly tables: TableBuffers;
  private readonly tracks: LaneTracks;

  constructor(state: MachineState, series: SeriesRegistry, tables: TableBuffers, tracks: LaneTracks) {
    this.state = state;
    this.series = series;
    this.tables = tables;
    this.tracks = tracks;
  }

  /** t_wchan was assigned. */
  waits(lwp: LwpId, sync: SyncId, timeNs: Ns): void {
    const track = this.tracks.lwp(lwp);
    if (track === null) return;
    this.endWait(track, timeNs);
    const locks = (track.locks ??= new LwpLocks());
    locks.waitSync = sync;
    locks.waitStartNs = timeNs;
    locks.waitHolder = isId(sync) ? this.state.read(KIND.sync_owner, sync) : NONE;
    this.tracks.markLwp(track);
  }

  /** sync_owner was assigned. */
  owned(sync: SyncId, oldOwner: LwpId, newOwner: LwpId): void {
    const { tracks } = this;
    const before = tracks.lwp(oldOwner);
    if (before !== null) {
      const at = before.heldLocks.indexOf(sync);
      if (at >= 0) before.locks!.held.splice(at, 1);
      tracks.markLwp(before);
    }
    const holder = tracks.lwp(newOwner);
    if (holder !== null) {
      const { held } = (holder.locks ??= new LwpLocks());
      if (!held.includes(sync)) held.push(sync);
      tracks.markLwp(holder);
    }
    tracks.markSync(tracks.sync(sync));
  }

  /** Brings the lane up to date with the machine. */
  settle(track: SyncTrack, nowNs: Ns): void {
    track.dirty = false;
    const owner: LwpId = this.state.columns[KIND.sync_owner]![track.sync]!;
    const holder = this.tracks.lwp(owner);
    const state = holder === null ? 0 : Math.max(0, holder.state);
    const cpu = holder === null ? NONE : holder.cpu;
    if (owner !== track.owner) {
      this.closeHold(track, nowNs);
      track.sinceNs = nowNs;
      this.tables.changes?.lockOwner(nowNs, track.sync, isId(owner) ? owner : NONE);
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

  /** Ends the hold under way. */
  closeHold(track: SyncTrack, endNs: Ns): void {
    if (isId(track.owner) && endNs > track.sinceNs) {
      this.tables.lockHold(track.sync, track.owner, track.sinceNs, endNs);
    }
  }

  /** Ends what the LWP waits for. */
  endWait({ lwp, locks }: LwpTrack, endNs: Ns): void {
    if (locks === null) return;
    const { waitSync, waitStartNs, waitHolder } = locks;
    if (isId(waitSync) && endNs > waitStartNs) {
      this.tables.lockWait(waitSync, lwp, waitStartNs, endNs, waitHolder);
    }
    locks.waitSync = NONE;
  }
}
