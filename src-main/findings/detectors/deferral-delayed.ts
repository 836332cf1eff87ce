import type { CpuId, LwpId, Ns, Seq } from '#shared/base/brands.ts';
import { DECISION } from '#shared/model/enums.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import { delaysSince } from '../track/cpu-waiters.ts';
import { counted, durationText } from '../wording.ts';
import { claimDelays, delayEvidence } from './delay-evidence.ts';
import { lwpEvidence, subjectsOf } from './hold-evidence.ts';

export const deferralDelayed: Detector = {
  id: 'deferral-delayed',
  title: 'The bill of a deferral',
  definition: 'Threads waited for a CPU on which a lock holder was let run on for its request.',
  cost: 'Their time from the first deferral until the holder left the CPU.',
  source: 'Dice on schedctl',
  thresholds: {},
  needs: ['switches', 'lockHolds', 'requests', 'decisions'],
  advice:
    'This is the price of the request: compare it with what request-paid-off says was saved. Where it is dear, hold the lock for less time.',
  start: (context) => new Bills(context),
};

class Bills implements Observer {
  private readonly context: DetectorContext;
  /** By LWP: since when it runs on for its request; NaN where it does not. */
  private readonly deferredNs: Ns[] = [];
  private readonly sequence: Seq[] = [];
  /** By LWP: when its last complete interval began. */
  private readonly lastStartNs: Ns[] = [];

  constructor(context: DetectorContext) {
    this.context = context;
  }

  decided(lwp: LwpId, outcome: number, sequence: Seq): void {
    if (outcome !== DECISION.deferredAtTick && outcome !== DECISION.deferredAtPreempt) return;
    const { scene, tracker } = this.context;
    if (tracker.held(lwp).length === 0 || this.deferredNs[lwp]! >= 0) return;
    this.deferredNs[lwp] = scene.nowNs;
    this.sequence[lwp] = sequence;
  }

  switched(cpu: CpuId, from: number, to: number): void {
    if (from < 0 || !(this.deferredNs[from]! >= 0) || to === from) return;
    const startNs = this.deferredNs[from]!;
    const sequence = this.sequence[from]!;
    this.deferredNs[from] = NaN;
    const { scene } = this.context;
    // The one that has the CPU now has waited for it until this moment.
    const waiting = delaysSince(scene, cpu, startNs, from);
    const next =
      to >= 0 && scene.since[to] === scene.nowNs && !waiting.some(({ lwp }) => lwp === to)
        ? this.waitOf(to, startNs)
        : [];
    const delays = [...waiting, ...next];
    if (delays.length === 0) return;
    const endNs = scene.nowNs;
    const finding = this.context.report({
      startNs,
      endNs,
      subjects: subjectsOf(null, [from], delays),
      evidence: [
        { ...lwpEvidence(from, 'was let run on', startNs, endNs), sequence },
        ...delayEvidence(delays),
      ],
      summary: (names, costNs) =>
        `${names.lwp(from)} was let run on for its request for ${durationText(endNs - startNs)}: ${counted(delays.length, 'thread')} waited ${durationText(costNs)} for that CPU.`,
    });
    claimDelays(this.context, finding, delays);
  }

  interval(lwp: LwpId, _state: number, startNs: Ns): void {
    this.lastStartNs[lwp] = startNs;
  }

  private waitOf(lwp: LwpId, fromNs: Ns): { lwp: LwpId; startNs: Ns; endNs: Ns }[] {
    const startNs = Math.max(fromNs, this.lastStartNs[lwp] ?? Infinity);
    const { nowNs } = this.context.scene;
    return startNs < nowNs ? [{ lwp, startNs, endNs: nowNs }] : [];
  }
}
