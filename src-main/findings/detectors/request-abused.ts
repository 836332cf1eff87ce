import type { Detector, DetectorContext, Observer } from '../detector.ts';
import { delaysSince, type Delay } from '../track/cpu-waiters.ts';
import type { Request } from '../track/request.ts';
import { durationText } from '../wording.ts';
import { claimDelays, delayedText, delayEvidence } from './delay-evidence.ts';
import { lwpEvidence, subjectsOf } from './hold-evidence.ts';

type Names = 'share' | 'holding' | 'ran';
/** Delays that are kept of a thread. */
const MOST_DELAYS = 4096;

export const requestAbused: Detector<Names> = {
  id: 'request-abused',
  title: 'Runs under requests',
  definition: 'A thread ran for most of its time under a request, and for most of that without a lock.',
  cost: 'The time that others waited for its CPU while it was let run on.',
  source: 'ours',
  thresholds: {
    share: { unit: 'share', value: 0.5, about: 'share of its CPU time under a request', source: 'ours' },
    holding: { unit: 'share', value: 0.5, about: 'share of that with a lock held', source: 'catalogue' },
    ran: { unit: 'ns', value: 1_000_000, about: 'CPU time that it has had', source: 'ours' },
  },
  needs: ['switches', 'lockHolds', 'requests'],
  advice: 'Set the request around critical sections only.',
  start: (context) => new Abuse(context),
};

class Usage {
  ranNs = 0;
  ranHoldingNs = 0;
  firstNs = -1;
  lastNs = 0;
  readonly delays: Delay[] = [];
}

class Abuse implements Observer {
  private readonly context: DetectorContext<Names>;
  private readonly usage: (Usage | undefined)[] = [];

  constructor(context: DetectorContext<Names>) {
    this.context = context;
  }

  requestCleared({ lwp, firstDeferredNs }: Request): void {
    if (firstDeferredNs < 0) return;
    const usage = (this.usage[lwp] ??= new Usage());
    if (usage.delays.length >= MOST_DELAYS) return;
    const { scene } = this.context;
    for (const delay of delaysSince(scene, scene.cpu[lwp]!, firstDeferredNs, lwp)) usage.delays.push(delay);
  }

  requestEnded({ lwp, startNs, endNs, ranNs, ranHoldingNs }: Request): void {
    const usage = (this.usage[lwp] ??= new Usage());
    usage.ranNs += ranNs;
    usage.ranHoldingNs += ranHoldingNs;
    if (usage.firstNs < 0) usage.firstNs = startNs;
    usage.lastNs = endNs < 0 ? this.context.scene.nowNs : endNs;
  }

  finish(): void {
    const { scene, thresholds } = this.context;
    this.usage.forEach((usage, lwp) => {
      if (usage === undefined) return;
      const { ranNs, ranHoldingNs, firstNs, lastNs, delays } = usage;
      const allNs = scene.ranNs(lwp);
      if (allNs < thresholds.ran || ranNs <= thresholds.share * allNs) return;
      if (ranHoldingNs >= thresholds.holding * ranNs) return;
      const victims = [...new Set(delays.map((delay) => delay.lwp))].map((victim) => ({ lwp: victim }));
      const finding = this.context.report({
        startNs: firstNs,
        endNs: lastNs,
        subjects: subjectsOf(null, [lwp], victims),
        evidence: [lwpEvidence(lwp, 'asks not to be preempted', firstNs, lastNs), ...delayEvidence(delays)],
        summary: (names, costNs) =>
          `${names.lwp(lwp)} ran ${durationText(ranNs)} of its ${durationText(allNs)} under a request, and ${durationText(ranHoldingNs)} of that with a lock${delayedText(delays, costNs)}`,
      });
      claimDelays(this.context, finding, delays);
    });
  }
}
