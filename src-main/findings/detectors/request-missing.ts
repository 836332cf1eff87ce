import type { Detector } from '../detector.ts';
import { durationText } from '../wording.ts';
import { UNASKED, UnaskedHolds } from './unasked-holds.ts';

export const requestMissing: Detector<'share'> = {
  ...UNASKED,
  id: 'request-missing',
  title: 'Request missing on one path',
  definition:
    'A thread lost its CPU while it held a lock without a request, others waited, and most holds of that lock carry one.',
  thresholds: {
    share: {
      unit: 'share',
      value: 0.5,
      about: "share of the lock's holds that carry a request",
      source: 'ours',
    },
  },
  needs: ['switches', 'lockHolds', 'lockWaits', 'requests'],
  advice: 'Find the path that takes the lock without schedctl_start, and let it ask as the others do.',
  start: (context) =>
    new UnaskedHolds(
      context,
      ({ count, carrying }) => carrying > 0 && carrying >= context.thresholds.share * count,
      (names, { lwp, lock }, offNs, { count, carrying }) =>
        `${names.lwp(lwp)} was off its CPU for ${durationText(offNs)} while it held ${names.lock(lock)} without a request, which ${Math.floor((100 * carrying) / count)} % of the lock's holds carry`,
    ),
};
