import type { Ns } from '#shared/base/brands.ts';
import type { Detector } from '../detector.ts';
import { durationText } from '../wording.ts';
import { preemptedIntervals, reportHold } from './hold-evidence.ts';

export const requestLate: Detector = {
  id: 'request-late',
  title: 'Request set after the lock was taken',
  definition:
    'A thread lost its CPU between taking a lock and setting its request, and others waited for the lock.',
  cost: "The waiters' time that overlaps the holder's time off its CPU.",
  source: 'schedctl_start(3C)',
  thresholds: {},
  needs: ['switches', 'lockHolds', 'lockWaits', 'requests'],
  advice: 'Call schedctl_start before the lock is taken: a request protects from the moment that it is set.',
  start: (context) => ({
    holdEnded(hold) {
      const { lock, lwp, intervalCount, requestSetNs } = hold;
      if (intervalCount === 0 || requestSetNs <= hold.startNs) return;
      const before = preemptedIntervals(hold).filter(
        (interval) => !interval.isUnderRequest && interval.endNs <= requestSetNs,
      );
      if (before.length === 0 || !standsForMostOfTheRest(hold)) return;
      reportHold(context, hold, before, {
        what: 'preempted before it asked',
        sentence: (names, offNs) =>
          `${names.lwp(lwp)} was off its CPU for ${durationText(offNs)} after it had taken ${names.lock(lock)} and before it asked not to be preempted`,
      });
    },
  }),
};

/** A request of the thread's own, not that of libc around handing the lock over. */
function standsForMostOfTheRest({
  requestSetNs,
  startNs,
  endNs,
  intervals,
  intervalCount,
}: {
  readonly requestSetNs: Ns;
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly intervalCount: number;
  readonly intervals: readonly { readonly startNs: Ns; readonly endNs: Ns }[];
}): boolean {
  let beforeNs = requestSetNs - startNs;
  for (let at = 0; at < intervalCount; at++) {
    const interval = intervals[at]!;
    if (interval.endNs <= requestSetNs) beforeNs -= interval.endNs - interval.startNs;
  }
  // What the hold ran before it asked is no more than a few times what it ran after that.
  return endNs - requestSetNs > 0.1 * beforeNs;
}
