import type { Detector, DetectorContext, Observer } from '../detector.ts';
import type { Request } from '../track/request.ts';
import { lwpEvidence, subjectsOf } from './hold-evidence.ts';

type Names = 'requests' | 'share';

export const requestsUnused: Detector<Names> = {
  id: 'requests-unused',
  title: 'Requests that met no decision',
  definition:
    'Nearly all requests of a thread, of many, never met a decision of the kernel: what they cost is the calls.',
  cost: 'None in waiting.',
  source: 'ours',
  thresholds: {
    requests: { unit: 'count', value: 100, about: 'requests of the thread', source: 'catalogue' },
    share: { unit: 'share', value: 0.9, about: 'share of them that met no decision', source: 'catalogue' },
  },
  needs: ['requests', 'decisions'],
  advice:
    'That is how it should be where sections are short: a request is cheap. Leave it out where the section never matters.',
  isGoodNews: true,
  start: (context) => new Unused(context),
};

class Count {
  requests = 0;
  unused = 0;
  firstNs = -1;
  lastNs = 0;
}

class Unused implements Observer {
  private readonly context: DetectorContext<Names>;
  private readonly counts: (Count | undefined)[] = [];

  constructor(context: DetectorContext<Names>) {
    this.context = context;
  }

  requestEnded({ lwp, startNs, endNs, deferrals, revokedNs }: Request): void {
    const count = (this.counts[lwp] ??= new Count());
    count.requests++;
    if (deferrals === 0 && revokedNs < 0) count.unused++;
    if (count.firstNs < 0) count.firstNs = startNs;
    count.lastNs = Math.max(startNs, endNs);
  }

  finish(): void {
    const { requests: least, share } = this.context.thresholds;
    this.counts.forEach((count, lwp) => {
      if (count === undefined || count.requests < least || count.unused <= share * count.requests) return;
      const { requests, unused, firstNs, lastNs } = count;
      this.context.report({
        startNs: firstNs,
        endNs: lastNs,
        costNs: 0,
        longestNs: 0,
        subjects: subjectsOf(null, [lwp], []),
        evidence: [lwpEvidence(lwp, 'asks not to be preempted', firstNs, lastNs)],
        summary: (names) =>
          `${unused} of the ${requests} requests of ${names.lwp(lwp)} met no decision of the kernel.`,
      });
    });
  }
}
