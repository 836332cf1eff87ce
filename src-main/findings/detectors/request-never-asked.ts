import type { Detector } from '../detector.ts';
import { durationText } from '../wording.ts';
import { UNASKED, UnaskedHolds } from './unasked-holds.ts';

export const requestNeverAsked: Detector = {
  ...UNASKED,
  id: 'request-never-asked',
  title: 'Preemption control not used',
  definition:
    'A thread lost its CPU while it held a lock, others waited, and no hold of that lock carries a request.',
  thresholds: {},
  needs: ['switches', 'lockHolds', 'lockWaits'],
  advice:
    "This is what preemption control would have been for: see the lock's grace curve for how long a grace its holders would have needed.",
  start: (context) =>
    new UnaskedHolds(
      context,
      ({ carrying }) => carrying === 0,
      (names, { lwp, lock }, offNs) =>
        `${names.lwp(lwp)} was off its CPU for ${durationText(offNs)} while it held ${names.lock(lock)}, for which no LWP asks not to be preempted`,
    ),
};
