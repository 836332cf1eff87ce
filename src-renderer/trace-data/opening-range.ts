/** How much of a trace is in view when it opens. */
import type { Highlight } from '#shared/api/contract.ts';
import { clampRange, type TimeRange } from './time-axis.ts';

/** A revoked request is shown with its surroundings: so many times its length, but at least this much. */
const TIMES_ITS_LENGTH = 6;
const LEAST_NS = 20e6;

/** In a trace this many times as long, a range is less than two pixels of a wide screen. */
const LOST_IN_TIMES = 800;
/** Then it is shown with so many times its length around it. */
const TIMES_WHERE_LOST = 60;

/**
 * The time range to open on: around a request that was revoked or ran out of grace, so that its life can be
 * read; otherwise the whole trace, because no moment matters more, unless the selection would be invisible in it.
 */
export function openingRange(highlight: Highlight, limits: TimeRange): TimeRange {
  const lengthNs = highlight.endNs - highlight.startNs;
  const isRevoked = highlight.what === 'forced' || highlight.what === 'failsafe';
  const isLost = limits.endNs - limits.startNs > Math.max(LEAST_NS, LOST_IN_TIMES * lengthNs);
  if (!isRevoked && !isLost) return limits;
  const span = Math.max(LEAST_NS, (isRevoked ? TIMES_ITS_LENGTH : TIMES_WHERE_LOST) * lengthNs);
  const middle = (highlight.startNs + highlight.endNs) / 2;
  return clampRange({ startNs: middle - span / 2, endNs: middle + span / 2 }, limits);
}
