/**
 * Findings as `findings --json` prints them: names of its own, which never change, described by findings.schema.json.
 * Fields are only ever added.
 */
import type { Ns, Seq } from '#shared/base/brands.ts';
import type { Findings } from '#shared/model/findings.ts';

export interface FindingsJson {
  readonly findings: readonly {
    readonly id: string;
    readonly ordinal: number;
    readonly severity: string;
    readonly summary: string;
    readonly cost_ns: number;
    readonly spin_ns: number;
    readonly longest_ns: number;
    readonly start_ns: number;
    readonly end_ns: number;
    readonly subjects: readonly {
      readonly kind: string;
      readonly id: number;
      readonly name: string;
      readonly role: string;
    }[];
    readonly evidence: readonly {
      readonly what: string;
      readonly start_ns: number;
      readonly end_ns: number;
      readonly lane: { readonly kind: string; readonly id: number } | null;
      readonly sequence: Seq | null;
    }[];
    readonly advice: string;
    readonly confidence: number;
    readonly doubt: string | null;
    readonly group: number;
  }[];
  readonly not_observable: readonly { readonly id: string; readonly because: string }[];
  readonly ledger: {
    readonly waited_ns: number;
    readonly runnable_ns: number;
    readonly preempted_ns: number;
    readonly spinning_ns: number;
    readonly blocked_ns: number;
    readonly busy_ns: number;
    readonly causes: readonly { readonly id: string; readonly ns: Ns }[];
    readonly unexplained_ns: number;
  };
  readonly totals: readonly {
    readonly id: string;
    readonly count: number;
    readonly listed: number;
    readonly cost_ns: number;
    readonly spin_ns: number;
  }[];
  readonly detectors_version: number;
}

export function findingsJson({ version, findings, totals, notObservable, ledger }: Findings): FindingsJson {
  return {
    findings: findings.map((finding) => ({
      id: finding.id,
      ordinal: finding.ordinal,
      severity: finding.severity,
      summary: finding.summary,
      cost_ns: finding.costNs,
      spin_ns: finding.spinNs,
      longest_ns: finding.longestNs,
      start_ns: finding.startNs,
      end_ns: finding.endNs,
      subjects: finding.subjects.map(({ kind, id, name, role }) => ({ kind, id, name, role })),
      evidence: finding.evidence.map(({ what, startNs, endNs, lane, sequence }) => ({
        what,
        start_ns: startNs,
        end_ns: endNs,
        lane,
        sequence,
      })),
      advice: finding.advice,
      confidence: finding.confidence,
      doubt: finding.doubt,
      group: finding.group,
    })),
    not_observable: notObservable,
    ledger: {
      waited_ns: ledger.waitedNs,
      runnable_ns: ledger.runnableNs,
      preempted_ns: ledger.preemptedNs,
      spinning_ns: ledger.spinningNs,
      blocked_ns: ledger.blockedNs,
      busy_ns: ledger.busyNs,
      causes: ledger.causes,
      unexplained_ns: ledger.unexplainedNs,
    },
    totals: totals.map(({ id, count, listed, costNs, spinNs }) => ({
      id,
      count,
      listed,
      cost_ns: costNs,
      spin_ns: spinNs,
    })),
    detectors_version: version,
  };
}
