import type { Detector } from '../detector.ts';
import { durationText } from '../wording.ts';
import {
  claimWaits,
  lockEvidence,
  lwpEvidence,
  subjectsOf,
  victimsOf,
  waitedText,
  waitsIn,
} from './hold-evidence.ts';
import { clippedWaits } from './clipped-waits.ts';

export const sectionLongerThanGrace: Detector = {
  id: 'section-longer-than-grace',
  title: 'Section longer than the grace',
  definition:
    "The kernel took a thread's request back and forced it off its CPU while it held a lock: the section needs more than the rest of the quantum and the grace.",
  cost: "The waiters' time from the revocation to the release.",
  source: 'ts_preempt, ts_tick: usr/src/uts/common/disp/ts.c',
  thresholds: {},
  needs: ['lockHolds', 'requests', 'decisions'],
  advice: 'Make the section shorter, or split it: no request lasts longer than the grace of SC_MAX_TICKS.',
  start: (context) => ({
    holdEnded(hold) {
      const { lock, lwp, startNs, endNs, revokedNs } = hold;
      if (revokedNs < 0 || revokedNs >= endNs) return;
      const waits = clippedWaits(hold.waiters, revokedNs);
      const victims = victimsOf([waits]);
      const finding = context.report({
        startNs: revokedNs,
        endNs,
        subjects: subjectsOf(lock, [lwp], victims),
        evidence: [
          lockEvidence(lock, 'held', startNs, endNs),
          lwpEvidence(lwp, 'holds the lock after its request was revoked', revokedNs, endNs),
          ...waitsIn([waits]),
        ],
        summary: (names, costNs) =>
          `${names.lwp(lwp)} was forced off its CPU ${durationText(revokedNs - startNs)} after it took ${names.lock(lock)} and held it for another ${durationText(endNs - revokedNs)}` +
          (victims.length === 0 ? '.' : `: ${waitedText(victims.length, costNs)}.`),
      });
      claimWaits(context, finding, waits);
    },
  }),
};
