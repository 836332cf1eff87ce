/**
 * nopreempt windows: from the request (sc_nopreempt set) to its end, and how it ended.
 *
 * Ends: the kernel cleared it: forced. User code cleared it: unused if the kernel never deferred
 * anything; honoured if the yield that was asked for was made, at once or before the LWP asked again or
 * went to sleep; else overrun. The LWP or its slot went away: abandoned.
 *
 * A granted extension of Linux is a window, too: it has no sc_yield, and ends as the kernel's decision says.
 *
 * An LWP has one slot, so its windows do not overlap. Allocates only for an LWP's first window.
 */
import type { CauseId, IndexIntoBatch, LwpId, Ns, Seq, SlotId } from '#shared/base/brands.ts';
import { DECISION, WINDOW_END } from '#shared/model/enums.ts';
import { CAUSE, CAUSE_SPECS } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import type { TransitionColumns } from '#shared/model/transition-batch.ts';
import type { WindowNodes } from '../levels/tiles/points.ts';
import type { TileBuilder } from '../levels/tiles/tile-builder.ts';
import { isId } from './is-id.ts';
import type { SeriesRegistry } from './series-registry.ts';
import type { NopreemptWindow, TableBuffers } from './table-buffers.ts';

const PHASE = { none: 0, open: 1, unanswered: 2 } as const;

class WindowTrack implements NopreemptWindow {
  readonly lwp: LwpId;
  readonly builder: TileBuilder<WindowNodes>;
  phase: number = PHASE.none;
  slot = -1;
  startNs = 0;
  endNs = -1;
  firstDeferredNs = -1;
  yieldAskedNs = -1;
  yieldedNs = -1;
  deferrals = 0;
  ending: number = WINDOW_END.open;
  /** How it will end, where a decision has told already; else open. */
  decidedEnd: number = WINDOW_END.open;
  startSequence = 0;
  endSequence = 0;

  constructor(lwp: LwpId, builder: TileBuilder<WindowNodes>) {
    this.lwp = lwp;
    this.builder = builder;
  }
}

export class NopreemptWindows {
  private readonly state: MachineState;
  private readonly series: SeriesRegistry;
  private readonly tables: TableBuffers;
  private readonly tracks: (WindowTrack | undefined)[] = [];

  constructor(state: MachineState, series: SeriesRegistry, tables: TableBuffers) {
    this.state = state;
    this.series = series;
    this.tables = tables;
  }

  /** sc_nopreempt was assigned; the row's `lwp` holds the slot. */
  nopreempt(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void {
    const lwp = columns.lwp[row]!;
    if (!isId(lwp)) return;
    const slot: SlotId = columns.object[row]!;
    const cause = columns.cause[row]!;
    const timeNs = columns.timeNs[row]!;
    const track = this.tracks[lwp];
    if (columns.newValue[row] !== 0) {
      if (track?.phase === PHASE.open) return;
      this.begin(lwp, slot, timeNs, sequence);
      return;
    }
    if (track?.phase !== PHASE.open) return;
    if (cause === CAUSE.import_gap) {
      // The end is in what the source lost.
      this.end(track, WINDOW_END.open);
      return;
    }
    track.endNs = timeNs;
    track.endSequence = sequence;
    const ending = this.endingOf(track, slot, cause);
    this.tables.changes?.requestCleared(timeNs, lwp, ending);
    if (ending !== WINDOW_END.overrun) this.end(track, ending);
    else {
      track.phase = PHASE.unanswered;
      this.write(track);
    }
  }

  /** sc_yield was assigned. */
  yieldFlag(lwp: LwpId, value: number, timeNs: Ns): void {
    const track = this.tracks[lwp];
    if (track === undefined) return;
    if (value !== 0) {
      if (track.phase !== PHASE.open || track.yieldAskedNs >= 0) return;
      track.yieldAskedNs = timeNs;
      this.write(track);
    } else if (track.phase !== PHASE.none) {
      if (track.yieldAskedNs >= 0 && track.yieldedNs < 0) {
        track.yieldedNs = timeNs;
        this.tables.changes?.yielded(timeNs, lwp);
      }
      if (track.phase === PHASE.unanswered) this.end(track, WINDOW_END.honoured);
      else this.write(track);
    }
  }

  decision(lwp: LwpId, outcome: number, timeNs: Ns): void {
    const track = this.tracks[lwp];
    if (track?.phase !== PHASE.open) return;
    if (outcome === DECISION.aborted) track.decidedEnd = WINDOW_END.aborted;
    if (outcome === DECISION.endedByCall) track.decidedEnd = WINDOW_END.endedByCall;
    if (outcome !== DECISION.deferredAtTick && outcome !== DECISION.deferredAtPreempt) return;
    track.deferrals++;
    if (track.firstDeferredNs < 0) track.firstDeferredNs = timeNs;
    this.write(track);
  }

  /** The LWP went to sleep: it will not answer any more. */
  slept(lwp: LwpId): void {
    const track = this.tracks[lwp];
    if (track?.phase === PHASE.unanswered) this.end(track, WINDOW_END.overrun);
  }

  /** The LWP ended or lost its slot. */
  gone(lwp: LwpId, timeNs: Ns, sequence: Seq): void {
    const track = this.tracks[lwp];
    if (track === undefined) return;
    if (track.phase === PHASE.unanswered) this.end(track, WINDOW_END.overrun);
    else if (track.phase === PHASE.open) {
      track.endNs = timeNs;
      track.endSequence = sequence;
      this.tables.changes?.requestCleared(timeNs, lwp, WINDOW_END.abandoned);
      this.end(track, WINDOW_END.abandoned);
    }
  }

  /** The LWP has ended ({@link gone}): its windows are complete. */
  ended(lwp: LwpId): void {
    const track = this.tracks[lwp];
    if (track === undefined) return;
    if (track.phase !== PHASE.none) this.end(track, WINDOW_END.open);
    this.series.retire(track.builder);
    this.tracks[lwp] = undefined;
  }

  /** The trace ends: what is still open stays open. */
  finish(): void {
    for (const track of this.tracks) {
      if (track !== undefined && track.phase !== PHASE.none) this.end(track, WINDOW_END.open);
    }
  }

  /** How a window that is cleared ends; overrun: unless the yield that was asked for still comes. */
  private endingOf(track: WindowTrack, slot: SlotId, cause: CauseId): number {
    if (track.decidedEnd !== WINDOW_END.open) return track.decidedEnd;
    if (CAUSE_SPECS[cause]?.by === 'kernel') return WINDOW_END.forced;
    if (track.deferrals === 0) return WINDOW_END.unused;
    return this.state.read(KIND.sc_yield, slot) === 0 ? WINDOW_END.honoured : WINDOW_END.overrun;
  }

  private begin(lwp: LwpId, slot: SlotId, timeNs: Ns, sequence: Seq): void {
    const track = (this.tracks[lwp] ??= new WindowTrack(lwp, this.series.windows(lwp)));
    if (track.phase === PHASE.unanswered) this.end(track, WINDOW_END.overrun);
    track.phase = PHASE.open;
    track.slot = slot;
    track.startNs = timeNs;
    track.endNs = -1;
    track.firstDeferredNs = -1;
    track.yieldAskedNs = -1;
    track.yieldedNs = -1;
    track.deferrals = 0;
    track.ending = WINDOW_END.open;
    track.decidedEnd = WINDOW_END.open;
    track.startSequence = sequence;
    track.endSequence = 0;
    this.tables.changes?.requestSet(timeNs, lwp, sequence);
    track.builder.push(timeNs);
    this.write(track);
  }

  private end(track: WindowTrack, ending: number): void {
    track.phase = PHASE.none;
    track.ending = ending;
    this.write(track);
    this.tables.nopreemptWindow(track);
  }

  private write(track: WindowTrack): void {
    const builder = track.builder;
    const row = builder.lastRow;
    const nodes = builder.leaves;
    nodes.duration[row] = after(track.endNs, track.startNs);
    nodes.deferredAfter[row] = after(track.firstDeferredNs, track.startNs);
    nodes.yieldAfter[row] = after(track.yieldAskedNs, track.startNs);
    nodes.yieldedAfter[row] = after(track.yieldedNs, track.startNs);
    nodes.sequence[row] = track.startSequence;
    nodes.rows[row] = track.endSequence === 0 ? -1 : track.endSequence - track.startSequence;
    nodes.deferrals[row] = track.deferrals;
    nodes.ending[row] = track.ending;
    builder.touch();
  }
}

/** A time as distance from the start, -1 for one that never came. */
function after(timeNs: Ns, startNs: Ns): number {
  return timeNs < 0 ? -1 : timeNs - startNs;
}
