import type { LwpId, Ns } from '#shared/base/brands.ts';
import { DECISION } from '#shared/model/enums.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import { isRunnable } from '../track/scene.ts';
import { durationText } from '../wording.ts';
import { lwpEvidence, subjectsOf } from './hold-evidence.ts';

export const passedOverByUpdate: Detector<'times'> = {
  id: 'passed-over-by-update',
  title: 'Passed over by ts_update',
  definition:
    'ts_update passed over a runnable thread again and again because its request stood: it was not raised for having waited.',
  cost: 'Its time runnable since it was first passed over.',
  source: 'ts_update_list: usr/src/uts/common/disp/ts.c',
  thresholds: {
    times: {
      unit: 'count',
      value: 2,
      about: 'times that it was passed over before it ran',
      source: 'catalogue',
    },
  },
  needs: ['switches', 'decisions'],
  advice:
    'Withdraw the request before what may wait long for a CPU: while it stands, the thread does not age.',
  start: (context) => new PassedOver(context),
};

class PassedOver implements Observer {
  private readonly context: DetectorContext<'times'>;
  private readonly times: number[] = [];
  private readonly firstNs: Ns[] = [];

  constructor(context: DetectorContext<'times'>) {
    this.context = context;
  }

  decided(lwp: LwpId, outcome: number): void {
    const { scene } = this.context;
    if (outcome !== DECISION.updateSkipped || !isRunnable(scene.state[lwp]!)) return;
    if (!(this.times[lwp]! > 0)) this.firstNs[lwp] = scene.nowNs;
    this.times[lwp] = (this.times[lwp] ?? 0) + 1;
  }

  interval(lwp: LwpId, _state: number, _startNs: Ns, _cpu: number, next: number): void {
    const times = this.times[lwp] ?? 0;
    if (times === 0 || isRunnable(next)) return;
    this.times[lwp] = 0;
    if (times < this.context.thresholds.times) return;
    const startNs = this.firstNs[lwp]!;
    const endNs = this.context.scene.nowNs;
    const finding = this.context.report({
      startNs,
      endNs,
      subjects: subjectsOf(null, [], [{ lwp }]),
      evidence: [lwpEvidence(lwp, 'runnable, and passed over', startNs, endNs)],
      summary: (names, costNs) =>
        `ts_update passed over ${names.lwp(lwp)} ${times} times for its request: it waited ${durationText(costNs)} more for a CPU.`,
    });
    this.context.claim(finding, lwp, startNs, endNs, 0);
  }
}
