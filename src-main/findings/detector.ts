/**
 * The contract of a detector: one file of detectors/, listed in detectors/index.ts.
 *
 * A detector says what it looks for and what it needs to see, and makes an observer for a trace. The pass feeds the
 * observer in order of time; the observer reports what it finds and claims the time of the threads that waited.
 */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { FindingEvidence, SubjectKind } from '#shared/model/findings.ts';
import type { Names } from './names.ts';
import type { Need } from './observability.ts';
import type { Observer } from './observer.ts';
import type { Scene } from './track/scene.ts';
import type { Tracker } from './track/tracker.ts';

export interface Threshold {
  readonly unit: 'ns' | 'count' | 'share' | 'factor';
  readonly value: number;
  /** What is compared with it. */
  readonly about: string;
  /** Where the value is from; 'ours' where there is no source. */
  readonly source: string;
}
export type Thresholds = Readonly<Record<string, Threshold>>;

export interface Detector<Names extends string = string> {
  /** Never changes. */
  readonly id: string;
  readonly title: string;
  /** What is found, exactly. */
  readonly definition: string;
  /** What its cost is made of. */
  readonly cost: string;
  /** Paper, book or kernel function that describes it. */
  readonly source: string;
  readonly thresholds: Readonly<Record<Names, Threshold>>;
  /** What a trace has to show. */
  readonly needs: readonly Need[];
  /** What to do about it: whole sentences. */
  readonly advice: string;
  /** It is no fault: its severity is info. */
  readonly isGoodNews?: true;
  start(context: DetectorContext<Names>): Observer;
}

/** Evidence as detectors give it: `sequence` and `lane` where there is one. */
export type Evidence = Pick<FindingEvidence, 'what' | 'startNs' | 'endNs'> & Partial<FindingEvidence>;

export interface Subject {
  readonly kind: SubjectKind;
  readonly id: number;
  readonly role: 'cause' | 'victim' | 'object';
}

/** What was found, before its cost is known. */
export interface Found {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly subjects: readonly Subject[];
  readonly evidence: readonly Evidence[];
  /** The sentence, asked for once, and only if the finding is listed: names are those of the whole trace. */
  readonly summary: (names: Names, costNs: Ns) => string;
  /** Where the cost is not the time that is claimed. */
  readonly costNs?: Ns;
  readonly longestNs?: Ns;
  /** From 0 to 1 where the trace does not show all, with the reason. */
  readonly confidence?: number;
  readonly doubt?: string;
}

export interface DetectorContext<Names extends string = string> {
  readonly scene: Scene;
  readonly tracker: Tracker;
  readonly thresholds: Readonly<Record<Names, number>>;
  /** Length of a clock tick, null where the trace has none. */
  readonly tickNs: Ns | null;
  /** Puts a finding down. The cost is what is claimed for it. */
  report(found: Found): FoundId;
  /**
   * The time from `startNs` to `endNs` of an LWP that waited is explained by the finding. What is claimed twice counts
   * once.
   *
   * @param spinNs of it, spinning
   */
  claim(finding: FoundId, lwp: LwpId, startNs: Ns, endNs: Ns, spinNs: Ns): void;
}

/** A finding while the pass goes on. */
export type FoundId = number & { readonly brand: 'found' };

export type { Observer };
