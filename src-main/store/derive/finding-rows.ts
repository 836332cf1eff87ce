/** Findings as rows of the tables `finding` and `finding_pass`, and back (queries/findings.ts). */
import type { Findings } from '#shared/model/findings.ts';
import type { PackedRow } from './derived-batch.ts';

export function findingRows({ version, findings, totals, notObservable, ledger }: Findings): PackedRow[] {
  const rows = findings.map((finding): PackedRow => {
    const { subjects, evidence } = finding;
    return {
      table: 'finding',
      values: [
        finding.ordinal,
        finding.id,
        finding.severity,
        finding.summary,
        finding.costNs,
        finding.spinNs,
        finding.longestNs,
        finding.startNs,
        finding.endNs,
        finding.group,
        finding.confidence,
        finding.doubt ?? '',
        JSON.stringify(subjects),
        JSON.stringify(evidence),
        finding.advice,
      ],
    };
  });
  const pass = [1, version, JSON.stringify(totals), JSON.stringify(notObservable), JSON.stringify(ledger)];
  return [...rows, { table: 'finding_pass', values: pass }];
}
