import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { WINDOW_END } from '#shared/model/enums.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import { delaysSince, type Delay } from '../track/cpu-waiters.ts';
import type { Request } from '../track/request.ts';
import { isOnCpu } from '../track/scene.ts';
import { durationText } from '../wording.ts';
import { claimDelays, delayedText, delayEvidence } from './delay-evidence.ts';
import { lwpEvidence, subjectsOf } from './hold-evidence.ts';

export const yieldIgnored: Detector = {
  id: 'yield-ignored',
  title: 'Yield not given',
  definition:
    'The kernel let a thread run on and asked for a yield; the thread withdrew its request, did not yield, and ran on.',
  cost: 'The time that others waited for that CPU, from the end of the request until the thread left it.',
  source: 'Dice on schedctl; schedctl_stop(3C)',
  thresholds: {},
  needs: ['switches', 'requests', 'decisions', 'yieldAsked'],
  advice: 'Call schedctl_stop, which yields where sc_yield is set, instead of clearing sc_nopreempt by hand.',
  start: (context) => new Ignored(context),
};

interface Owed {
  readonly clearedNs: Ns;
  cpu: CpuId;
  leftNs: Ns;
  delays: readonly Delay[];
}

class Ignored implements Observer {
  private readonly context: DetectorContext;
  /** By LWP: the yield that it owes. */
  private readonly owed: (Owed | undefined)[] = [];

  constructor(context: DetectorContext) {
    this.context = context;
  }

  requestCleared({ lwp, endNs, ending }: Request): void {
    this.owed[lwp] =
      ending === WINDOW_END.overrun ? { clearedNs: endNs, cpu: -1, leftNs: -1, delays: [] } : undefined;
  }

  interval(lwp: LwpId, state: number, _startNs: Ns, cpu: CpuId, next: number): void {
    const owed = this.owed[lwp];
    if (owed === undefined || owed.leftNs >= 0 || !isOnCpu(state) || isOnCpu(next)) return;
    this.leaves(lwp, owed, cpu);
  }

  requestEnded({ lwp, startNs, endNs, ending, firstDeferredNs }: Request): void {
    const owed = this.owed[lwp];
    this.owed[lwp] = undefined;
    if (owed === undefined || ending === WINDOW_END.honoured) return;
    const { scene } = this.context;
    if (owed.leftNs < 0) this.leaves(lwp, owed, scene.cpu[lwp]!);
    // What it did not do at the end of the trace it may do yet.
    if (ending !== WINDOW_END.overrun || owed.leftNs <= owed.clearedNs) return;
    const { delays, leftNs } = owed;
    const finding = this.context.report({
      startNs: firstDeferredNs,
      endNs: leftNs,
      subjects: subjectsOf(null, [lwp], delays),
      evidence: [
        lwpEvidence(lwp, 'asks not to be preempted', startNs, endNs),
        lwpEvidence(lwp, 'was let run on', firstDeferredNs, endNs),
        lwpEvidence(lwp, 'runs on, and owes a yield', endNs, leftNs),
        ...delayEvidence(delays),
      ],
      summary: (names, costNs) =>
        `${names.lwp(lwp)} was let run on for its request and ran on for ${durationText(leftNs - endNs)} after it without the yield that was asked for${delayedText(delays, costNs)}`,
    });
    claimDelays(this.context, finding, delays);
  }

  private leaves(lwp: LwpId, owed: Owed, cpu: CpuId): void {
    const { scene } = this.context;
    owed.cpu = cpu;
    owed.leftNs = scene.nowNs;
    owed.delays = delaysSince(scene, cpu, owed.clearedNs, lwp);
  }
}
