/**
 * Holders that lost their CPU without any request, lock by lock: what that means depends on what the lock's other holds
 * do.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import type { Hold } from '../track/hold.ts';
import { keptHold, type KeptHold } from '../track/kept-hold.ts';
import type { Names } from '../names.ts';
import { preemptedIntervals, reportHold } from './hold-evidence.ts';

class LockHolds {
  count = 0;
  carrying = 0;
  readonly preempted: KeptHold[] = [];
}

/** How many of a lock's holds carry a request. */
export interface Carried {
  readonly count: number;
  readonly carrying: number;
}

export class UnaskedHolds implements Observer {
  private readonly context: DetectorContext;
  private readonly locks: (LockHolds | undefined)[] = [];
  private readonly isFault: (carried: Carried) => boolean;
  private readonly sentence: (names: Names, hold: KeptHold, offNs: Ns, carried: Carried) => string;

  constructor(
    context: DetectorContext,
    isFault: (carried: Carried) => boolean,
    sentence: (names: Names, hold: KeptHold, offNs: Ns, carried: Carried) => string,
  ) {
    this.context = context;
    this.isFault = isFault;
    this.sentence = sentence;
  }

  holdEnded(hold: Hold): void {
    const lock = (this.locks[hold.lock] ??= new LockHolds());
    lock.count++;
    if (hold.carriesRequest) {
      lock.carrying++;
      return;
    }
    if (hold.intervalCount === 0) return;
    const intervals = preemptedIntervals(hold).filter((interval) => !interval.isUnderRequest);
    // One that asked later was late.
    if (intervals.length === 0 || hold.requestSetNs > intervals[0]!.endNs) return;
    lock.preempted.push(keptHold(hold, intervals));
  }

  finish(): void {
    for (const lock of this.locks) {
      if (lock === undefined || !this.isFault(lock)) continue;
      const { count, carrying } = lock;
      for (const hold of lock.preempted) {
        reportHold(this.context, hold, hold.intervals, {
          what: 'preempted, and has not asked',
          sentence: (names, offNs) => this.sentence(names, hold, offNs, { count, carrying }),
        });
      }
    }
  }
}

/** What both detectors share. */
export const UNASKED = {
  cost: "The waiters' time that overlaps the holder's time off its CPU.",
  source: 'schedctl_start(3C)',
} as const satisfies Partial<Detector>;
