import type { LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { LANE_STATE, WINDOW_END } from '#shared/model/enums.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import type { Request } from '../track/request.ts';
import { durationText } from '../wording.ts';
import { lwpEvidence, subjectsOf } from './hold-evidence.ts';

export const requestLeaked: Detector<'open'> = {
  id: 'request-leaked',
  title: 'Request never withdrawn',
  definition:
    'A request was set and never cleared by its thread: it stood at the end of the trace or at the exit, or the thread slept with it set.',
  cost: 'None of its own: what it delays is in other findings.',
  source: 'schedctl_stop(3C)',
  thresholds: {
    open: {
      unit: 'ns',
      value: 2_000_000,
      about: 'time for which a request that is open at the end of the trace has stood',
      source: 'ours',
    },
  },
  needs: ['requests'],
  advice: 'Call schedctl_stop on every path out of the section, errors included.',
  start: (context) => new Leaks(context),
};

class Leaks implements Observer {
  private readonly context: DetectorContext<'open'>;
  /** By LWP: since when it sleeps under its request, of no lock's doing. */
  private readonly sleptNs: (number | undefined)[] = [];

  constructor(context: DetectorContext<'open'>) {
    this.context = context;
  }

  interval(lwp: LwpId, _state: number, _startNs: Ns, _cpu: number, next: number): void {
    const { scene } = this.context;
    if (next !== LANE_STATE.sleeping && next !== LANE_STATE.parked) return;
    if (scene.requestSince[lwp]! < 0 || scene.wants[lwp] !== NONE) return;
    this.sleptNs[lwp] ??= scene.nowNs;
  }

  requestSet({ lwp }: Request): void {
    this.sleptNs[lwp] = undefined;
  }

  requestEnded({ lwp, startNs, endNs, ending, startSequence }: Request): void {
    const slept = this.sleptNs[lwp];
    this.sleptNs[lwp] = undefined;
    const { nowNs } = this.context.scene;
    const isOpen = ending === WINDOW_END.open && endNs < 0 && nowNs - startNs > this.context.thresholds.open;
    if (slept === undefined && !isOpen && ending !== WINDOW_END.abandoned) return;
    const untilNs = endNs < 0 ? nowNs : endNs;
    const how =
      ending === WINDOW_END.abandoned
        ? 'ended'
        : slept !== undefined
          ? 'slept'
          : 'was at the end of the trace';
    this.context.report({
      startNs,
      endNs: untilNs,
      costNs: 0,
      longestNs: 0,
      subjects: subjectsOf(null, [lwp], []),
      evidence: [
        { ...lwpEvidence(lwp, 'asks not to be preempted', startNs, untilNs), sequence: startSequence },
        ...(slept === undefined ? [] : [lwpEvidence(lwp, 'sleeps with its request set', slept, untilNs)]),
      ],
      summary: (names) =>
        `${names.lwp(lwp)} ${how} with a request that it had set ${durationText((slept ?? untilNs) - startNs)} before and not withdrawn.`,
    });
  }
}
