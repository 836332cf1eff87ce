import { WINDOW_END } from '#shared/model/enums.ts';
import type { Detector } from '../detector.ts';
import { delaysSince } from '../track/cpu-waiters.ts';
import { durationText } from '../wording.ts';
import { claimDelays, delayedText, delayEvidence } from './delay-evidence.ts';
import { lwpEvidence, subjectsOf } from './hold-evidence.ts';

export const requestOutlivesSection: Detector<'after' | 'factor'> = {
  id: 'request-outlives-section',
  title: 'Request outlives its section',
  definition: 'A request stood on long after the last lock held under it was released.',
  cost: 'The time that other threads waited for that CPU meanwhile.',
  source: 'schedctl_stop(3C)',
  thresholds: {
    after: {
      unit: 'ns',
      value: 2_000_000,
      about: 'time from the last release to the end of the request',
      source: 'ours',
    },
    factor: {
      unit: 'factor',
      value: 10,
      about: 'the same in lengths of the longest hold under the request',
      source: 'ours',
    },
  },
  needs: ['lockHolds', 'requests'],
  advice: 'Call schedctl_stop at once after the lock is released.',
  start: (context) => ({
    requestCleared(request) {
      const { lwp, hadLock, lastReleaseNs, longestHoldNs, startNs, endNs, ending } = request;
      if (!hadLock || lastReleaseNs < 0 || ending === WINDOW_END.abandoned) return;
      if (context.tracker.held(lwp).length > 0) return;
      const tailNs = endNs - lastReleaseNs;
      const { after, factor } = context.thresholds;
      if (tailNs <= after && tailNs <= factor * longestHoldNs) return;
      const delays = delaysSince(context.scene, context.scene.cpu[lwp]!, lastReleaseNs, lwp);
      const finding = context.report({
        startNs: lastReleaseNs,
        endNs,
        subjects: subjectsOf(null, [lwp], delays),
        evidence: [
          lwpEvidence(lwp, 'asks not to be preempted', startNs, endNs),
          lwpEvidence(lwp, 'still asks, and holds no lock', lastReleaseNs, endNs),
          ...delayEvidence(delays),
        ],
        summary: (names, costNs) =>
          `${names.lwp(lwp)} asked not to be preempted for ${durationText(tailNs)} after it had released its last lock${delayedText(delays, costNs)}`,
      });
      claimDelays(context, finding, delays);
    },
  }),
};
