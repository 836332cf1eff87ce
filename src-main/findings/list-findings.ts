/**
 * From what was reported and claimed to findings: costs, severities, groups of those with one cause, and the ledger.
 *
 * Two findings share a cause where most of the cheaper one's time is claimed by the other, too: a convoy and the
 * preemption that set it off. The one whose detector stands first in the list is nearer to the cause, and the ledger
 * gives it the time.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { Finding, FindingSubject, Ledger } from '#shared/model/findings.ts';
import type { Claims } from './claims.ts';
import type { Detector } from './detector.ts';
import type { Draft, Drafts } from './drafts.ts';
import type { LostRanges } from './lost-ranges.ts';
import type { Names } from './names.ts';
import { lowered, severityOf } from './severity.ts';

/** Share of the cheaper one's time that two findings with one cause have in common. */
const SHARED_CAUSE = 0.5;
/** What confidence is multiplied by where events were lost. */
const AFTER_LOSS = 0.5;

export interface Reported {
  readonly detectors: readonly Detector[];
  readonly drafts: Drafts;
  readonly listed: readonly Draft[];
  readonly claims: Claims;
  readonly names: Names;
  readonly lost: LostRanges;
  /** Time that threads waited, of all together. */
  readonly waited: Omit<Ledger, 'causes' | 'unexplainedNs'>;
}

export interface Listed {
  readonly findings: readonly Finding[];
  readonly ledger: Ledger;
  /** By detector: ns that it claims, each ns of a thread once. */
  readonly costNs: readonly Ns[];
  readonly spinNs: readonly Ns[];
}

export function listFindings(reported: Reported): Listed {
  const { detectors, drafts, listed, claims, waited } = reported;
  const isListed = new Uint8Array(drafts.detector.length);
  for (const { id } of listed) isListed[id] = 1;
  const cost = new Float64Array(drafts.detector.length);
  const spin = new Float64Array(drafts.detector.length);
  const ofDetector = detectors.map(() => 0);
  const spinOfDetector = detectors.map(() => 0);
  const explained = detectors.map(() => 0);
  const shared = new Map<string, number>();
  claims.sweep(drafts.detector, (founds, ns, spinNs) => {
    explained[drafts.detector[founds[0]!]!]! += ns;
    let last = -1;
    for (let at = 0; at < founds.length; at++) {
      const found = founds[at]!;
      cost[found]! += ns;
      spin[found]! += spinNs;
      const detector = drafts.detector[found]!;
      if (detector !== last) {
        ofDetector[detector]! += ns;
        spinOfDetector[detector]! += spinNs;
        last = detector;
      }
      if (isListed[found] === 0) continue;
      for (let other = at + 1; other < founds.length; other++) {
        if (isListed[founds[other]!] === 0) continue;
        const pair = `${found} ${founds[other]!}`;
        shared.set(pair, (shared.get(pair) ?? 0) + ns);
      }
    }
  });
  const groups = new Groups(listed);
  for (const [pair, ns] of shared) {
    const [a, b] = pair.split(' ').map(Number) as [number, number];
    if (ns >= SHARED_CAUSE * Math.min(cost[a]!, cost[b]!)) groups.join(a, b);
  }
  const explainedNs = explained.reduce((sum, ns) => sum + ns, 0);
  return {
    findings: inOrder(reported, cost, spin, groups),
    ledger: {
      ...waited,
      causes: detectors.flatMap(({ id }, at) =>
        explained[at]! > 0 ? [{ id, ns: Math.round(explained[at]!) }] : [],
      ),
      unexplainedNs: Math.round(Math.max(0, waited.waitedNs - explainedNs)),
    },
    costNs: ofDetector.map(Math.round),
    spinNs: spinOfDetector.map(Math.round),
  };
}

/** Findings of one cause, led by the one that is nearest to it. */
class Groups {
  private readonly leader = new Map<number, number>();
  private readonly detector = new Map<number, number>();

  constructor(drafts: readonly Draft[]) {
    for (const { id, detector } of drafts) {
      this.leader.set(id, id);
      this.detector.set(id, detector);
    }
  }

  leaderOf(id: number): number {
    const leader = this.leader.get(id)!;
    if (leader === id) return id;
    const top = this.leaderOf(leader);
    this.leader.set(id, top);
    return top;
  }

  join(a: number, b: number): void {
    const one = this.leaderOf(a);
    const two = this.leaderOf(b);
    if (one === two) return;
    const order = this.detector.get(one)! - this.detector.get(two)! || one - two;
    if (order < 0) this.leader.set(two, one);
    else this.leader.set(one, two);
  }
}

const SEVERITY_ORDER = { high: 0, medium: 1, low: 2, info: 3 } as const;

function inOrder(
  { detectors, drafts, listed, names, lost, waited }: Reported,
  cost: Float64Array,
  spin: Float64Array,
  groups: Groups,
): Finding[] {
  const made = listed.map(({ id, detector, found }) => {
    const of = detectors[detector]!;
    const costNs = Math.round(found.costNs ?? cost[id]!);
    const longestNs = Math.round(drafts.longestNs[id]!);
    const hasLost = lost.touches(found.startNs, found.endNs);
    const severity = of.isGoodNews === true ? 'info' : severityOf(costNs, longestNs, waited.busyNs);
    const doubts = [
      ...(found.doubt === undefined ? [] : [found.doubt]),
      ...(hasLost ? ['the source lost events in this range'] : []),
    ];
    return {
      draft: id,
      finding: {
        id: of.id,
        severity: hasLost ? lowered(severity) : severity,
        summary: found.summary(names, costNs),
        costNs,
        spinNs: Math.round(spin[id]!),
        longestNs,
        startNs: found.startNs,
        endNs: found.endNs,
        subjects: found.subjects.map((subject): FindingSubject => ({
          ...subject,
          name: names.of(subject.kind, subject.id),
        })),
        evidence: found.evidence.map((evidence) => ({ lane: null, sequence: null, ...evidence })),
        advice: of.advice,
        confidence: (found.confidence ?? 1) * (hasLost ? AFTER_LOSS : 1),
        doubt: doubts.length === 0 ? null : doubts.join('; '),
      },
    };
  });
  made.sort(
    (a, b) =>
      SEVERITY_ORDER[a.finding.severity] - SEVERITY_ORDER[b.finding.severity] ||
      Math.abs(b.finding.costNs) - Math.abs(a.finding.costNs) ||
      a.draft - b.draft,
  );
  const ordinals = new Map(made.map(({ draft }, at) => [draft, at + 1]));
  return made.map(({ draft, finding }, at) => ({
    ...finding,
    ordinal: at + 1,
    group: ordinals.get(groups.leaderOf(draft))!,
  }));
}
