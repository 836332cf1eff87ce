/** Which findings a list shows, and in what order: filtered, sorted, those with the same cause together. */
import { SEVERITIES, type Finding, type FindingSubject, type Severity } from '#shared/model/findings.ts';

export const FINDING_ORDERS = ['severity', 'cost', 'time'] as const;
export type FindingOrder = (typeof FINDING_ORDERS)[number];

export interface FindingFilter {
  /** This severity and those above it. */
  readonly least: Severity;
  /** Words, all of which stand in what the finding says. */
  readonly text: string;
  readonly order: FindingOrder;
}

export interface FindingRow {
  readonly finding: Finding;
  readonly title: string;
  /** Stands under another one that has the same cause. */
  readonly isMember: boolean;
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

const COMPARE: Readonly<Record<FindingOrder, (a: Finding, b: Finding) => number>> = {
  severity: (a, b) => a.ordinal - b.ordinal,
  cost: (a, b) => b.costNs - a.costNs || a.ordinal - b.ordinal,
  time: (a, b) => a.startNs - b.startNs || a.ordinal - b.ordinal,
};

/**
 * The rows of the list. A group stands where the first of its findings would stand, and begins
 * with that one: the worst of those with the same cause, which may be a small thing itself.
 *
 * @param titleOf the title of a detector, by its id
 */
export function findingRows(
  findings: readonly Finding[],
  { least, text, order }: FindingFilter,
  titleOf: (id: string) => string,
): FindingRow[] {
  const words = text.toLowerCase().split(/\s+/);
  const passing = findings
    .filter((finding) => rank(finding.severity) <= rank(least))
    .filter((finding) => {
      const said = [
        titleOf(finding.id),
        finding.id,
        finding.summary,
        ...finding.subjects.map(({ name }) => name),
      ];
      const all = said.join('\n').toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .sort(COMPARE[order]);
  const groups = new Map<number, Finding[]>();
  for (const finding of passing) {
    const group = groups.get(finding.group);
    if (group === undefined) groups.set(finding.group, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap((group) =>
    group.map((finding, at) => ({ finding, title: titleOf(finding.id), isMember: at > 0 })),
  );
}

/** Lanes that a finding is about: its causes, what they met at, then its victims, in that order. At most `most`. */
export function lanesOfFinding({ subjects }: Finding, most: number): FindingSubject[] {
  const withLane = subjects.filter(({ kind }) => kind === 'lwp' || kind === 'cpu' || kind === 'sync');
  const byRole = (['cause', 'object', 'victim'] as const).flatMap((role) =>
    withLane.filter((subject) => subject.role === role),
  );
  return byRole.slice(0, most);
}

/** The costliest first, without those that cost nothing. */
export function costliest(findings: readonly Finding[], most: number): Finding[] {
  return findings
    .filter(({ costNs }) => costNs > 0)
    .sort(COMPARE.cost)
    .slice(0, most);
}
