/** How much of a trace is in view when it opens. */
import type { Highlight } from '#shared/api/contract.ts';
import { clampRange, type TimeRange } from './time-axis.ts';

/** A revoked request is shown with its surroundings: so many times its length, but at least this much. */
const TIMES_ITS_LENGTH = 6;
const LEAST_NS = 20e6;

/**
 * The stretch to open on: around a request that was revoked or ran out of grace, so that its life can be
 * read; the whole trace otherwise, where no single moment says more than the rest.
 */
export function openingRange(highlight: Highlight, limits: TimeRange): TimeRange {
  if (highlight.what !== 'forced' && highlight.what !== 'failsafe') return limits;
  const span = Math.max(LEAST_NS, TIMES_ITS_LENGTH * (highlight.endNs - highlight.startNs));
  const middle = (highlight.startNs + highlight.endNs) / 2;
  return clampRange({ startNs: middle - span / 2, endNs: middle + span / 2 }, limits);
}
