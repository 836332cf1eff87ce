import type { Detector } from '../detector.ts';
import { durationText } from '../wording.ts';
import { preemptedIntervals, reportHold } from './hold-evidence.ts';

export const lockHolderPreempted: Detector = {
  id: 'lock-holder-preempted',
  title: 'Lock holder preempted',
  definition:
    'A thread was off its CPU and runnable while it held a lock, and at least one other waited for the lock meanwhile.',
  cost: "The waiters' time that overlaps the holder's time off its CPU.",
  source: 'Oversubscribed locks, EuroSys 2017; Dice on schedctl',
  thresholds: {},
  needs: ['switches', 'lockHolds', 'lockWaits'],
  advice:
    'Ask for preemption control before the lock is taken and withdraw the request after it is released (schedctl_start, schedctl_stop; rseq time slice extension), or hold the lock for less time.',
  start: (context) => ({
    holdEnded(hold) {
      if (hold.intervalCount === 0) return;
      const intervals = preemptedIntervals(hold);
      if (intervals.length === 0) return;
      const { lock, lwp } = hold;
      const { displacedBy } = intervals[0]!;
      reportHold(context, hold, intervals, {
        what: 'preempted while it holds the lock',
        sentence: (names, offNs) =>
          `${names.lwp(lwp)} was off its CPU for ${durationText(offNs)}${displacedBy >= 0 ? `, behind ${names.lwp(displacedBy)},` : ''} while it held ${names.lock(lock)}`,
      });
    },
  }),
};
