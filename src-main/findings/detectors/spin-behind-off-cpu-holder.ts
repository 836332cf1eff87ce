import type { Detector } from '../detector.ts';
import { counted, durationText } from '../wording.ts';
import { lockEvidence, lwpEvidence, subjectsOf, worstFirst } from './hold-evidence.ts';

export const spinBehindOffCpuHolder: Detector = {
  id: 'spin-behind-off-cpu-holder',
  title: 'Spun behind a holder without a CPU',
  definition: 'A thread spun for a lock whose holder was not on a CPU.',
  cost: 'The time spent spinning meanwhile.',
  source: 'illumos libc looks at sc_state before it spins: usr/src/lib/libc/port/threads/synch.c',
  thresholds: {},
  needs: ['switches', 'lockHolds', 'lockWaits'],
  advice:
    'Spin only while the holder is on a CPU (an adaptive mutex looks at its sc_state), or bound the spinning; and keep the holder on its CPU.',
  start: (context) => ({
    holdEnded(hold) {
      const spun = new Map<number, number>();
      let firstNs = Infinity;
      let lastNs = 0;
      for (let at = 0; at < hold.intervalCount; at++) {
        const { startNs, endNs, waiters, isUncertain } = hold.intervals[at]!;
        if (isUncertain) continue;
        for (let waiter = 0; waiter < waiters.length; waiter++) {
          const ns = waiters.spinNs[waiter]!;
          if (!(ns > 0)) continue;
          spun.set(waiters.lwp[waiter]!, (spun.get(waiters.lwp[waiter]!) ?? 0) + ns);
          firstNs = Math.min(firstNs, startNs);
          lastNs = Math.max(lastNs, endNs);
        }
      }
      if (spun.size === 0) return;
      const victims = worstFirst(spun);
      const { lock, lwp, startNs, endNs } = hold;
      const finding = context.report({
        startNs: firstNs,
        endNs: lastNs,
        subjects: subjectsOf(lock, [lwp], victims),
        evidence: [
          lockEvidence(lock, 'held', startNs, endNs),
          lwpEvidence(lwp, 'holds the lock without a CPU', firstNs, lastNs),
          ...victims.slice(0, 12).map((victim) => lwpEvidence(victim.lwp, 'spins', firstNs, lastNs)),
        ],
        summary: (names, costNs) =>
          `${counted(victims.length, 'thread')} spun ${durationText(costNs)} for ${names.lock(lock)} while ${names.lwp(lwp)}, which held it, had no CPU.`,
      });
      for (let at = 0; at < hold.intervalCount; at++) {
        const { waiters, isUncertain } = hold.intervals[at]!;
        if (isUncertain) continue;
        for (let waiter = 0; waiter < waiters.length; waiter++) {
          const ns = waiters.spinNs[waiter]!;
          // Who spins begins with it.
          const fromNs = waiters.startNs[waiter]!;
          context.claim(finding, waiters.lwp[waiter]!, fromNs, fromNs + ns, ns);
        }
      }
    },
  }),
};
