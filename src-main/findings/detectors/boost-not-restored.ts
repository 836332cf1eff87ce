import type { LwpId, Ns } from '#shared/base/brands.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import type { Request } from '../track/request.ts';
import { durationText } from '../wording.ts';
import { lwpEvidence, subjectsOf } from './hold-evidence.ts';

export const boostNotRestored: Detector<'quantum'> = {
  id: 'boost-not-restored',
  title: 'Raised priority kept',
  definition:
    'The priority that a thread was given for its request (TSRESTORE, FSSRESTORE) was still in force long after the request had ended.',
  cost: 'None of its own.',
  source: 'ts_preempt, ts_tick: usr/src/uts/common/disp/ts.c',
  thresholds: {
    quantum: {
      unit: 'ns',
      value: 200_000_000,
      about: 'time since the request ended: the longest quantum of the dispatch table',
      source: 'ts_dptbl(5)',
    },
  },
  needs: ['requests', 'quantum'],
  advice:
    'The thread runs before others of its kind until its next tick or preemption: let it yield after its section.',
  start: (context) => new Boosts(context),
};

class Boosts implements Observer {
  private readonly context: DetectorContext<'quantum'>;
  /** By LWP: when its request ended, with the raised priority in force; NaN where it is not. */
  private readonly endedNs: Ns[] = [];
  private readonly isRaised: boolean[] = [];

  constructor(context: DetectorContext<'quantum'>) {
    this.context = context;
  }

  field(kind: number, subject: number, value: number): void {
    if (kind !== KIND.ts_flags && kind !== KIND.fss_flags) return;
    if (value !== 0) this.isRaised[subject] = true;
    else {
      this.isRaised[subject] = false;
      this.judge(subject);
    }
  }

  requestSet({ lwp }: Request): void {
    this.endedNs[lwp] = NaN;
  }

  requestCleared({ lwp, endNs }: Request): void {
    if (this.isRaised[lwp] === true) this.endedNs[lwp] = endNs;
  }

  finish(): void {
    for (let lwp = 0; lwp < this.endedNs.length; lwp++) if (this.isRaised[lwp] === true) this.judge(lwp);
  }

  private judge(lwp: LwpId): void {
    const startNs = this.endedNs[lwp] ?? NaN;
    this.endedNs[lwp] = NaN;
    const endNs = this.context.scene.nowNs;
    if (!(endNs - startNs > this.context.thresholds.quantum)) return;
    this.context.report({
      startNs,
      endNs,
      costNs: 0,
      longestNs: 0,
      subjects: subjectsOf(null, [lwp], []),
      evidence: [lwpEvidence(lwp, 'still at the raised priority', startNs, endNs)],
      summary: (names) =>
        `${names.lwp(lwp)} kept the priority that it was given for a request for ${durationText(endNs - startNs)} after that had ended.`,
    });
  }
}
