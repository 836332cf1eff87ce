import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { Durations } from '../track/durations.ts';
import type { Hold } from '../track/hold.ts';
import { isRunnable } from '../track/scene.ts';
import { counted, durationText } from '../wording.ts';
import { lockEvidence, subjectsOf, victimsOf } from './hold-evidence.ts';

export const requestPaidOff: Detector = {
  id: 'request-paid-off',
  title: 'Request paid off',
  definition:
    'The kernel let a lock holder run on for its request, others waited for the lock, and it was released without the holder having lost its CPU after that.',
  cost: "What was saved, below 0: the median time that the thread's other preemptions kept it off a CPU, once for each waiter.",
  source: 'Dice on schedctl',
  thresholds: {},
  needs: ['switches', 'lockHolds', 'lockWaits', 'requests', 'decisions'],
  advice: 'This is what preemption control is for: keep it.',
  isGoodNews: true,
  start: (context) => new PaidOff(context),
};

interface Saved {
  readonly lock: number;
  readonly lwp: LwpId;
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly deferredNs: Ns;
  readonly waiters: readonly { readonly lwp: LwpId }[];
}

class PaidOff implements Observer {
  private readonly context: DetectorContext;
  /** Time from a preemption to the next run, by LWP and of all. */
  private readonly preemptions: (Durations | undefined)[] = [];
  private readonly all = new Durations();
  private readonly saved: Saved[] = [];

  constructor(context: DetectorContext) {
    this.context = context;
  }

  interval(lwp: LwpId, state: number, startNs: Ns): void {
    if (state !== LANE_STATE.preempted) return;
    const ns = this.context.scene.nowNs - startNs;
    (this.preemptions[lwp] ??= new Durations()).add(ns);
    this.all.add(ns);
  }

  holdEnded(hold: Hold): void {
    const { deferredNs, intervalCount, intervals, waiters } = hold;
    if (deferredNs < 0 || hold.revokedNs >= 0) return;
    for (let at = 0; at < intervalCount; at++) {
      if (isRunnable(intervals[at]!.state) && intervals[at]!.endNs > deferredNs) return;
    }
    const waiting = victimsOf([waiters]).filter(({ lwp }) => waitsAfter(hold, lwp, deferredNs));
    if (waiting.length === 0) return;
    const { lock, lwp, startNs, endNs } = hold;
    this.saved.push({ lock, lwp, startNs, endNs, deferredNs, waiters: waiting });
  }

  finish(): void {
    for (const { lock, lwp, startNs, endNs, deferredNs, waiters } of this.saved) {
      const own = this.preemptions[lwp];
      const median = own?.median ?? this.all.median;
      const eachNs = Number.isNaN(median) ? 0 : Math.round(median);
      const savedNs = eachNs * waiters.length;
      this.context.report({
        startNs: deferredNs,
        endNs,
        costNs: -savedNs,
        longestNs: 0,
        subjects: subjectsOf(lock, [lwp], waiters),
        evidence: [
          lockEvidence(lock, 'held', startNs, endNs),
          { what: 'runs on for its request', startNs: deferredNs, endNs, lane: { kind: 'lwp', id: lwp } },
        ],
        ...(own === undefined
          ? {
              confidence: 0.5,
              doubt: `it was never preempted: ${Number.isNaN(median) ? 'nothing says what that would have cost' : 'the median is that of all threads'}`,
            }
          : {}),
        summary: (names) =>
          `${names.lwp(lwp)} was let run on with ${names.lock(lock)} and released it ${durationText(endNs - deferredNs)} later: ` +
          `that saved ${counted(waiters.length, 'waiter')} about ${durationText(savedNs)}.`,
      });
    }
  }
}

/** Whether an LWP waits in a hold at any time after a moment. */
function waitsAfter({ waiters }: Hold, lwp: LwpId, timeNs: Ns): boolean {
  for (let at = 0; at < waiters.length; at++) {
    if (waiters.lwp[at] === lwp && waiters.endNs[at]! > timeNs) return true;
  }
  return false;
}
