import type { Detector, DetectorContext, Observer } from '../detector.ts';
import type { Hold, OffCpuStretch } from '../track/hold.ts';
import { isRunnable } from '../track/scene.ts';
import { counted, durationText } from '../wording.ts';
import { claimWaits, evidenceOf, subjectsOf, victimsOf } from './hold-evidence.ts';

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
  start: (context) => new Holders(context),
};

class Holders implements Observer {
  private readonly context: DetectorContext;

  constructor(context: DetectorContext) {
    this.context = context;
  }

  holdEnded(hold: Hold): void {
    if (hold.stretchCount === 0) return;
    const stretches = preemptedStretches(hold);
    if (stretches.length === 0) return;
    const victims = victimsOf(stretches.map(({ waiters }) => waiters));
    const { lock, lwp } = hold;
    const offNs = stretches.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
    const displacedBy = stretches[0]!.displacedBy;
    const finding = this.context.report({
      startNs: stretches[0]!.startNs,
      endNs: hold.endNs,
      subjects: subjectsOf(lock, [lwp], victims),
      evidence: evidenceOf(hold, stretches, 'preempted while it holds the lock'),
      summary: (names, costNs) =>
        `${names.lwp(lwp)} was off its CPU for ${durationText(offNs)}${displacedBy >= 0 ? `, behind ${names.lwp(displacedBy)},` : ''} while it held ${names.lock(lock)}: ` +
        `${counted(victims.length, 'thread')} waited ${durationText(costNs)}${victims.length > 1 ? ' in all' : ''}.`,
    });
    for (const { waiters } of stretches) claimWaits(this.context, finding, waiters);
  }
}

/** Stretches of a hold in which its thread was runnable, off its CPU, and waited for. */
export function preemptedStretches(hold: Hold): OffCpuStretch[] {
  return hold.stretches
    .slice(0, hold.stretchCount)
    .filter(({ state, waiters }) => isRunnable(state) && waiters.length > 0 && waiters.waitNs() > 0);
}
