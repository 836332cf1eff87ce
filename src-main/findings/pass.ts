/**
 * The pass over a trace: what happens goes to the tracker, from there to the observers of all detectors, and what they
 * report comes out as findings, in order of severity and cost.
 *
 * It holds the machine of the moment and what was found: of each detector the costliest are listed, the rest is
 * counted.
 */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { DetectorTotal, Findings, NotObservable } from '#shared/model/findings.ts';
import { Claims } from './claims.ts';
import type { Detector, DetectorContext, FoundId } from './detector.ts';
import { DETECTORS, DETECTORS_VERSION } from './detectors/index.ts';
import { Drafts } from './drafts.ts';
import { listFindings, type Reported } from './list-findings.ts';
import { LostRanges } from './lost-ranges.ts';
import { Names } from './names.ts';
import { Observability, type Need } from './observability.ts';
import { thresholdsOf, type ThresholdValues } from './thresholds.ts';
import type { TraceChanges } from './trace-changes.ts';
import { Scene } from './track/scene.ts';
import { Tracker, type Sightings } from './track/tracker.ts';

/** What a pass has to know of the source before the first change. */
export interface PassSource {
  /** 'emulator', or the format that was imported. */
  readonly source: string;
  /** Length of a clock tick, null where the source has none. */
  readonly tickNs: Ns | null;
}

export interface PassOptions {
  /** Instead of the defaults, by `DETECTOR.NAME`. */
  readonly thresholds?: ThresholdValues;
  /** All by default. */
  readonly detectors?: readonly Detector[];
}

/** Findings of one detector that are listed. */
export const MOST_LISTED = 256;

/** Fields that show what a detector needs to see. */
const FIELD_NEEDS: readonly (readonly [kind: number, need: Need])[] = [
  [KIND.t_pri, 'priorities'],
  [KIND.t_cid, 'classes'],
  [KIND.t_bound_cpu, 'bindings'],
  [KIND.lbolt, 'ticks'],
  [KIND.ts_flags, 'quantum'],
  [KIND.page_process, 'slots'],
];

export class FindingsPass {
  /** To be told of the trace, names and changes in order. */
  readonly changes: TraceChanges;
  private readonly scene = new Scene();
  private readonly names = new Names();
  private readonly tracker: Tracker;
  private readonly claims = new Claims();
  private readonly lost = new LostRanges(this.scene);
  private readonly isEmulated: boolean;
  private readonly detectors: readonly Detector[];
  private readonly drafts: Drafts;

  constructor(source: PassSource, { thresholds = {}, detectors = DETECTORS }: PassOptions = {}) {
    this.isEmulated = source.source === 'emulator';
    this.tracker = new Tracker(this.scene, this.names, this.isEmulated);
    this.detectors = detectors;
    this.drafts = new Drafts(detectors.length, MOST_LISTED);
    this.changes = this.tracker;
    this.tracker.observe(this.lost);
    const claim = (finding: FoundId, lwp: LwpId, startNs: Ns, endNs: Ns, spinNs: Ns): void => {
      if (!(endNs > startNs)) return;
      this.claims.add(finding, lwp, startNs, endNs, spinNs);
      this.drafts.claimed(finding, endNs - startNs);
    };
    detectors.forEach((detector, index) => {
      const context: DetectorContext = {
        scene: this.scene,
        tracker: this.tracker,
        // An import learns its tick only in the end.
        tickNs: this.isEmulated ? source.tickNs : null,
        thresholds: thresholdsOf(detector, thresholds),
        report: (found) => this.drafts.add(index, found),
        claim,
      };
      this.tracker.observe(detector.start(context));
    });
  }

  /** What was found; to be asked for once, after the trace has ended. */
  result(): Findings {
    const { detectors, drafts, claims, names, lost } = this;
    const listed = detectors.flatMap((_, index) => drafts.costliest(index));
    const { findings, ledger, costNs, spinNs } = listFindings({
      detectors,
      drafts,
      listed,
      claims,
      names,
      lost,
      waited: this.waited(),
    });
    const counts = detectors.map(() => 0);
    for (const detector of drafts.detector) counts[detector]!++;
    const totals = detectors.flatMap(({ id }, index): DetectorTotal[] => {
      const count = counts[index]!;
      if (count === 0) return [];
      const given = findings.filter((finding) => finding.id === id);
      // Where the cost is no claimed time, that of the listed ones.
      const cost =
        costNs[index]! > 0 ? costNs[index]! : given.reduce((sum, finding) => sum + finding.costNs, 0);
      return [{ id, count, listed: given.length, costNs: cost, spinNs: spinNs[index]! }];
    });
    return { version: DETECTORS_VERSION, findings, totals, notObservable: this.notObservable(), ledger };
  }

  private notObservable(): NotObservable[] {
    const observability = new Observability(this.isEmulated);
    const { seen, seenFields } = this.tracker;
    for (const need of Object.keys(seen) as (keyof Sightings)[]) if (seen[need]) observability.see(need);
    for (const [kind, need] of FIELD_NEEDS) if (seenFields.has(kind)) observability.see(need);
    return this.detectors.flatMap(({ id, needs }) => {
      const because = observability.whyNot(needs);
      return because === null ? [] : [{ id, because }];
    });
  }

  private waited(): Reported['waited'] {
    const { scene, tracker } = this;
    let runnableNs = 0;
    let preemptedNs = 0;
    let spinningNs = 0;
    let busyNs = 0;
    for (let lwp = 0; lwp < scene.lwps; lwp++) {
      runnableNs += scene.inState(lwp, LANE_STATE.runnable);
      preemptedNs += scene.inState(lwp, LANE_STATE.preempted);
      spinningNs += scene.inState(lwp, LANE_STATE.spinning);
      busyNs += scene.ranNs(lwp);
    }
    const { blockedNs } = tracker;
    const waitedNs = runnableNs + preemptedNs + spinningNs + blockedNs;
    return { waitedNs, runnableNs, preemptedNs, spinningNs, blockedNs, busyNs };
  }
}
