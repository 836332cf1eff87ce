import type { Detector } from '../detector.ts';
import { durationText } from '../wording.ts';
import { asleepIntervals, reportHold } from './hold-evidence.ts';

export const holderBlocked: Detector = {
  id: 'holder-blocked',
  title: 'Lock holder blocked',
  definition:
    'A thread slept, parked, was stopped or blocked on another lock while it held a lock, and at least one other waited for the lock meanwhile.',
  cost: "The waiters' time that overlaps the holder's time asleep.",
  source: 'Ousterhout, Scheduling techniques for concurrent systems, 1982',
  thresholds: {},
  needs: ['switches', 'lockHolds', 'lockWaits'],
  advice:
    'Release the lock before what may sleep (I/O, a page fault, another lock), and take it again after that.',
  start: (context) => ({
    holdEnded(hold) {
      if (hold.intervalCount === 0) return;
      const intervals = asleepIntervals(hold);
      if (intervals.length === 0) return;
      const { lock, lwp } = hold;
      reportHold(context, hold, intervals, {
        what: 'asleep while it holds the lock',
        sentence: (names, offNs) =>
          `${names.lwp(lwp)} slept for ${durationText(offNs)} while it held ${names.lock(lock)}`,
      });
    },
  }),
};
