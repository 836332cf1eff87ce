/**
 * The moment that a reader of the trace should see first: the first request that was revoked, else the first at the
 * failsafe, else the longest that was deferred, else the first decision, else the longest time that a thread spent
 * preempted.
 *
 * Hot: runs for every interval, allocates nothing.
 */
import type { LwpId, Ns, Seq } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { DECISION } from '#shared/model/enums.ts';

/** A row of the table `highlight`, but for its id. */
export type HighlightRow = [
  what: HighlightKind,
  timeNs: Ns,
  sequence: Seq,
  lwp: LwpId,
  startNs: Ns,
  endNs: Ns,
];
export const HIGHLIGHT_KINDS = ['forced', 'failsafe', 'deferred', 'decision', 'preempted'] as const;
export type HighlightKind = (typeof HIGHLIGHT_KINDS)[number];

class Moment {
  readonly what: HighlightKind;
  found = false;
  timeNs = 0;
  sequence = 0;
  lwp: LwpId = NONE;
  startNs = 0;
  endNs = 0;

  constructor(what: HighlightKind) {
    this.what = what;
  }

  set(timeNs: Ns, sequence: Seq, lwp: LwpId, startNs: Ns, endNs: Ns): void {
    this.found = true;
    this.timeNs = timeNs;
    this.sequence = sequence;
    this.lwp = lwp;
    this.startNs = startNs;
    this.endNs = endNs;
  }

  /** Takes something that lasted, where it is longer. */
  setLonger(timeNs: Ns, lwp: LwpId, startNs: Ns, endNs: Ns): void {
    if (this.found && endNs - startNs <= this.endNs - this.startNs) return;
    this.set(timeNs, 0, lwp, startNs, endNs);
  }
}

export class Highlights {
  private readonly forced = new Moment('forced');
  private readonly failsafe = new Moment('failsafe');
  private readonly deferred = new Moment('deferred');
  private readonly decided = new Moment('decision');
  private readonly preemption = new Moment('preempted');

  decision(sequence: Seq, timeNs: Ns, lwp: LwpId, outcome: number): void {
    if (!this.decided.found) this.decided.set(timeNs, sequence, lwp, timeNs, timeNs);
    if (outcome === DECISION.forced && !this.forced.found) {
      this.forced.set(timeNs, sequence, lwp, timeNs, timeNs);
    }
    if (outcome === DECISION.failsafe && !this.failsafe.found) {
      this.failsafe.set(timeNs, sequence, lwp, timeNs, timeNs);
    }
  }

  /** A nopreempt window. @param endNs the end of the trace where it has none */
  window(lwp: LwpId, startNs: Ns, endNs: Ns, firstDeferredNs: Ns): void {
    if (firstDeferredNs >= 0) this.deferred.setLonger(firstDeferredNs, lwp, startNs, endNs);
  }

  /** An LWP was off its CPU, preempted. */
  preempted(lwp: LwpId, startNs: Ns, endNs: Ns): void {
    // In the middle: the thread has been waiting, and still is.
    this.preemption.setLonger(Math.floor((startNs + endNs) / 2), lwp, startNs, endNs);
  }

  /** The moment so far, null where there was nothing of the kind. */
  row(): HighlightRow | null {
    const { forced, failsafe, deferred, decided, preemption } = this;
    const moment = [forced, failsafe, deferred, decided, preemption].find(({ found }) => found);
    if (moment === undefined) return null;
    const { what, timeNs, sequence, lwp, startNs, endNs } = moment;
    return [what, timeNs, sequence, lwp, startNs, endNs];
  }
}
