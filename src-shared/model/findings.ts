/**
 * What findings are: the words that the pass, the file, the window and the command line share. Times are ns since the
 * trace's start.
 */
import type { Ns, Seq } from '../base/brands.ts';

export const SEVERITIES = ['high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type SubjectKind = 'lwp' | 'cpu' | 'sync' | 'process' | 'page';

/** What a finding is about. */
export interface FindingSubject {
  readonly kind: SubjectKind;
  /** Ordinal in the trace. */
  readonly id: number;
  readonly name: string;
  /** cause: the source of the cost; victim: the thread that pays it; object: what connects the two, such as a lock. */
  readonly role: 'cause' | 'victim' | 'object';
}

/** Something in the trace that a reader can jump to: a time range of a lane, or a row. */
export interface FindingEvidence {
  /** What it shows, as a short phrase. */
  readonly what: string;
  readonly startNs: Ns;
  readonly endNs: Ns;
  /** The lane that it is on, null for none. */
  readonly lane: { readonly kind: 'lwp' | 'cpu' | 'sync'; readonly id: number } | null;
  /** event.seq of a row that shows it, null for a time range. */
  readonly sequence: Seq | null;
}

export interface Finding {
  /** Of the detector, for ever the same. */
  readonly id: string;
  /** Position among the trace's findings, from 1: the costliest first within a severity. */
  readonly ordinal: number;
  readonly severity: Severity;
  /** One sentence. */
  readonly summary: string;
  /** Ns of threads' time that would not have been waited without it; below 0: that were saved. */
  readonly costNs: Ns;
  /** Part of the cost that was spent spinning. */
  readonly spinNs: Ns;
  /** Longest delay of one thread. */
  readonly longestNs: Ns;
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly subjects: readonly FindingSubject[];
  readonly evidence: readonly FindingEvidence[];
  readonly advice: string;
  /** From 0 to 1; 1 where the trace shows all that it rests on. */
  readonly confidence: number;
  /** Why confidence is below 1, null where it is not. */
  readonly doubt: string | null;
  /** Ordinal of the finding that leads those with the same cause; its own where it leads or is alone. */
  readonly group: number;
}

/** What a detector looks for, in words, for those that show its findings. */
export interface FindingKind {
  readonly id: string;
  readonly title: string;
  /** What is found, exactly. */
  readonly definition: string;
  /** What its cost is made of. */
  readonly cost: string;
  /** Paper, book or kernel function that describes it. */
  readonly source: string;
  readonly thresholds: readonly {
    readonly about: string;
    readonly value: number;
    readonly unit: 'ns' | 'count' | 'share' | 'factor';
  }[];
}

/** A question that the trace cannot answer. */
export interface NotObservable {
  readonly id: string;
  readonly because: string;
}

/** All that one detector found: `findings` of it are listed, the costliest. */
export interface DetectorTotal {
  readonly id: string;
  readonly count: number;
  readonly listed: number;
  readonly costNs: Ns;
  readonly spinNs: Ns;
}

/** Of all the time that threads waited, how much each cause explains. An ns of a thread is explained once. */
export interface Ledger {
  /** All threads together: runnable, preempted, spinning, or blocked on a lock. */
  readonly waitedNs: Ns;
  readonly runnableNs: Ns;
  readonly preemptedNs: Ns;
  readonly spinningNs: Ns;
  readonly blockedNs: Ns;
  readonly causes: readonly { readonly id: string; readonly ns: Ns }[];
  readonly unexplainedNs: Ns;
  /** Ns that CPUs ran threads: what severities are measured by. */
  readonly busyNs: Ns;
}

export interface Findings {
  /** Of the detectors that made them. */
  readonly version: number;
  readonly findings: readonly Finding[];
  readonly totals: readonly DetectorTotal[];
  readonly notObservable: readonly NotObservable[];
  readonly ledger: Ledger;
}
