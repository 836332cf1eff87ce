/** What findings about a hold have in common: whom they name, and what they show of it. */
import type { DetectorContext, Evidence, FoundId, Subject } from '../detector.ts';
import type { Hold, OffCpuStretch } from '../track/hold.ts';
import type { WaitList } from '../track/wait-list.ts';

/** Victims and pieces of evidence that a finding names: the worst. */
const MOST_NAMED = 16;

/** Those who waited, each with all that it waited, the worst first. */
export function victimsOf(lists: readonly WaitList[]): { readonly lwp: number; readonly ns: number }[] {
  const byLwp = new Map<number, number>();
  for (const { length, lwp, startNs, endNs } of lists) {
    for (let at = 0; at < length; at++) {
      const ns = endNs[at]! - startNs[at]!;
      if (ns > 0) byLwp.set(lwp[at]!, (byLwp.get(lwp[at]!) ?? 0) + ns);
    }
  }
  return [...byLwp].map(([lwp, ns]) => ({ lwp, ns })).sort((a, b) => b.ns - a.ns || a.lwp - b.lwp);
}

export function subjectsOf(
  lock: number,
  causes: readonly number[],
  victims: readonly { readonly lwp: number }[],
): Subject[] {
  const distinct = [...new Set(causes)].filter((lwp) => lwp >= 0);
  return [
    ...distinct.map((lwp): Subject => ({ kind: 'lwp', id: lwp, role: 'cause' })),
    { kind: 'sync', id: lock, role: 'object' },
    ...victims.slice(0, MOST_NAMED).map(({ lwp }): Subject => ({ kind: 'lwp', id: lwp, role: 'victim' })),
  ];
}

/** The hold, the holder's stretches off its CPU, and the longest waits in them. */
export function evidenceOf(hold: Hold, stretches: readonly OffCpuStretch[], what: string): Evidence[] {
  return [
    lockEvidence(hold.lock, 'held', hold.startNs, hold.endNs),
    ...stretches
      .slice(0, MOST_NAMED)
      .map(({ startNs, endNs }): Evidence => lwpEvidence(hold.lwp, what, startNs, endNs)),
    ...waitsIn(stretches.map(({ waiters }) => waiters)),
  ];
}

export const lwpEvidence = (lwp: number, what: string, startNs: number, endNs: number): Evidence => ({
  what,
  startNs,
  endNs,
  lane: { kind: 'lwp', id: lwp },
});

export const lockEvidence = (lock: number, what: string, startNs: number, endNs: number): Evidence => ({
  what,
  startNs,
  endNs,
  lane: { kind: 'sync', id: lock },
});

/** The longest waits. */
export function waitsIn(lists: readonly WaitList[]): Evidence[] {
  const waits = lists.flatMap(({ length, lwp, startNs, endNs }) =>
    Array.from({ length }, (_, at) => lwpEvidence(lwp[at]!, 'waits', startNs[at]!, endNs[at]!)),
  );
  return waits
    .filter(({ startNs, endNs }) => endNs > startNs)
    .sort((a, b) => b.endNs - b.startNs - (a.endNs - a.startNs) || a.startNs - b.startNs)
    .slice(0, MOST_NAMED);
}

/** Claims the time of all who waited in a stretch. */
export function claimWaits(context: DetectorContext, finding: FoundId, waiters: WaitList): void {
  for (let at = 0; at < waiters.length; at++) {
    context.claim(finding, waiters.lwp[at]!, waiters.startNs[at]!, waiters.endNs[at]!, waiters.spinNs[at]!);
  }
}
