/** What findings about threads that waited for a CPU have in common. */
import type { Ns } from '#shared/base/brands.ts';
import type { DetectorContext, Evidence, FoundId } from '../detector.ts';
import type { Delay } from '../track/cpu-waiters.ts';
import { counted, durationText } from '../wording.ts';
import { lwpEvidence } from './hold-evidence.ts';

export function claimDelays(context: DetectorContext, finding: FoundId, delays: readonly Delay[]): void {
  for (const { lwp, startNs, endNs } of delays) context.claim(finding, lwp, startNs, endNs, 0);
}

export const delayEvidence = (delays: readonly Delay[]): Evidence[] =>
  delays.slice(0, 12).map(({ lwp, startNs, endNs }) => lwpEvidence(lwp, 'waits for the CPU', startNs, endNs));

/** ": 2 threads waited 3 ms for its CPU." or "." */
export const delayedText = (delays: readonly Delay[], costNs: Ns): string =>
  delays.length === 0
    ? '.'
    : `: ${counted(delays.length, 'thread')} waited ${durationText(costNs)} for its CPU.`;
