import type { Ns } from '#shared/base/brands.ts';
import type { Detector } from '../detector.ts';
import { durationText } from '../wording.ts';
import { preemptedStretches, reportHold } from './hold-evidence.ts';

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
      const { lock, lwp, stretchCount, requestSetNs } = hold;
      if (stretchCount === 0 || requestSetNs <= hold.startNs) return;
      const before = preemptedStretches(hold).filter(
        (stretch) => !stretch.isUnderRequest && stretch.endNs <= requestSetNs,
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
  stretches,
  stretchCount,
}: {
  readonly requestSetNs: Ns;
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly stretchCount: number;
  readonly stretches: readonly { readonly startNs: Ns; readonly endNs: Ns }[];
}): boolean {
  let beforeNs = requestSetNs - startNs;
  for (let at = 0; at < stretchCount; at++) {
    const stretch = stretches[at]!;
    if (stretch.endNs <= requestSetNs) beforeNs -= stretch.endNs - stretch.startNs;
  }
  // What the hold ran before it asked is no more than a few times what it ran after that.
  return endNs - requestSetNs > 0.1 * beforeNs;
}
