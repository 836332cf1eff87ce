/** The common parts of findings about a hold: the threads that they name, the evidence, the time that they claim. */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { DetectorContext, Evidence, Found, FoundId, Subject } from '../detector.ts';
import type { Names } from '../names.ts';
import type { Hold, OffCpuInterval } from '../track/hold.ts';
import type { KeptHold, KeptWaits } from '../track/kept-hold.ts';
import { isAsleep, isRunnable } from '../track/scene.ts';
import { counted, durationText } from '../wording.ts';

/** Victims and pieces of evidence that a finding names: the worst. */
const MOST_NAMED = 16;

export interface Victim {
  readonly lwp: LwpId;
  readonly ns: Ns;
}

/** The threads that waited, each with its total wait, the longest first. */
export function victimsOf(lists: readonly KeptWaits[]): Victim[] {
  const byLwp = new Map<number, number>();
  for (const { length, lwp, startNs, endNs } of lists) {
    for (let at = 0; at < length; at++) {
      const ns = endNs[at]! - startNs[at]!;
      if (ns > 0) byLwp.set(lwp[at]!, (byLwp.get(lwp[at]!) ?? 0) + ns);
    }
  }
  return worstFirst(byLwp);
}

export function worstFirst(byLwp: ReadonlyMap<number, number>): Victim[] {
  return [...byLwp].map(([lwp, ns]) => ({ lwp, ns })).sort((a, b) => b.ns - a.ns || a.lwp - b.lwp);
}

/** @param lock none where it is about CPUs */
export function subjectsOf(
  lock: number | null,
  causes: readonly number[],
  victims: readonly { readonly lwp: LwpId }[],
): Subject[] {
  const distinct = [...new Set(causes)].filter((lwp) => lwp >= 0);
  return [
    ...distinct.map((lwp): Subject => ({ kind: 'lwp', id: lwp, role: 'cause' })),
    ...(lock === null ? [] : [{ kind: 'sync', id: lock, role: 'object' } as const]),
    ...victims.slice(0, MOST_NAMED).map(({ lwp }): Subject => ({ kind: 'lwp', id: lwp, role: 'victim' })),
  ];
}

export const lwpEvidence = (lwp: LwpId, what: string, startNs: Ns, endNs: Ns): Evidence => ({
  what,
  startNs,
  endNs,
  lane: { kind: 'lwp', id: lwp },
});

export const lockEvidence = (lock: number, what: string, startNs: Ns, endNs: Ns): Evidence => ({
  what,
  startNs,
  endNs,
  lane: { kind: 'sync', id: lock },
});

/** The longest waits. */
export function waitsIn(lists: readonly KeptWaits[]): Evidence[] {
  const waits = lists.flatMap(({ length, lwp, startNs, endNs }) =>
    Array.from({ length }, (_, at) => lwpEvidence(lwp[at]!, 'waits', startNs[at]!, endNs[at]!)),
  );
  return waits
    .filter(({ startNs, endNs }) => endNs > startNs)
    .sort((a, b) => b.endNs - b.startNs - (a.endNs - a.startNs) || a.startNs - b.startNs)
    .slice(0, MOST_NAMED);
}

/** Claims the time of all threads that waited in an interval, from `fromNs` on. */
export function claimWaits(
  context: DetectorContext,
  finding: FoundId,
  { length, lwp, startNs, endNs, spinNs }: KeptWaits,
  fromNs = 0,
): void {
  for (let at = 0; at < length; at++) {
    const start = Math.max(fromNs, startNs[at]!);
    const share = (endNs[at]! - start) / (endNs[at]! - startNs[at]!);
    context.claim(finding, lwp[at]!, start, endNs[at]!, spinNs[at]! * share);
  }
}

/** Intervals of a hold in which its thread was runnable, off its CPU, and waited for. */
export const preemptedIntervals = (hold: Hold): OffCpuInterval[] =>
  waitedFor(hold, (state) => isRunnable(state));

/** Intervals in which it slept, parked, was stopped or blocked, and waited for. */
export const asleepIntervals = (hold: Hold): OffCpuInterval[] => waitedFor(hold, (state) => isAsleep(state));

function waitedFor(hold: Hold, isOf: (state: number) => boolean): OffCpuInterval[] {
  const found: OffCpuInterval[] = [];
  for (let at = 0; at < hold.intervalCount; at++) {
    const interval = hold.intervals[at]!;
    const isWaitedFor = interval.waiters.length > 0 && interval.waiters.waitNs() > 0;
    if (isOf(interval.state) && !interval.isUncertain && isWaitedFor) found.push(interval);
  }
  return found;
}

/** Reports a hold whose thread was off its CPU while others waited, and claims their time. */
export function reportHold(
  context: DetectorContext,
  hold: Omit<KeptHold, 'intervals'>,
  intervals: KeptHold['intervals'],
  { what, sentence, ...rest }: HoldWords,
): FoundId {
  const { lock, lwp, startNs, endNs } = hold;
  const victims = victimsOf(intervals.map(({ waiters }) => waiters));
  const offNs = intervals.reduce((sum, interval) => sum + interval.endNs - interval.startNs, 0);
  const finding = context.report({
    startNs: intervals[0]!.startNs,
    endNs,
    subjects: subjectsOf(lock, [lwp], victims),
    evidence: [
      lockEvidence(lock, 'held', startNs, endNs),
      ...intervals
        .slice(0, MOST_NAMED)
        .map((interval) => lwpEvidence(lwp, what, interval.startNs, interval.endNs)),
      ...waitsIn(intervals.map(({ waiters }) => waiters)),
    ],
    summary: (names, costNs) => `${sentence(names, offNs)}: ${waitedText(victims.length, costNs)}.`,
    ...rest,
  });
  for (const { waiters } of intervals) claimWaits(context, finding, waiters);
  return finding;
}

interface HoldWords extends Pick<Found, 'confidence' | 'doubt'> {
  /** What the holder's lane shows meanwhile. */
  readonly what: string;
  /** The sentence up to the waiters. */
  readonly sentence: (names: Names, offNs: Ns) => string;
}

/** "3 threads waited 12 ms in all". */
export const waitedText = (threads: number, ns: Ns): string =>
  `${counted(threads, 'thread')} waited ${durationText(ns)}${threads > 1 ? ' in all' : ''}`;
