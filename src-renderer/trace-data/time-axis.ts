/**
 * The one time axis that ruler, lanes and charts share: a visible range of trace time over a width in
 * pixels. Times are nanoseconds since the start of the trace, positions are CSS pixels from the left edge.
 */
import type { Ns } from '#shared/base/brands.ts';

/** A range of trace time, `startNs < endNs`. */
export interface TimeRange {
  readonly startNs: Ns;
  readonly endNs: Ns;
}

/** The closest look: neighbouring rows of a trace may be one nanosecond apart. */
export const MIN_SPAN_NS = 50;

export const spanOf = (range: TimeRange): number => range.endNs - range.startNs;

/** Position of `timeNs` on an axis `widthPx` wide; outside 0..widthPx for times outside the range. */
export function timeToPx(range: TimeRange, widthPx: number, timeNs: Ns): number {
  return ((timeNs - range.startNs) / (range.endNs - range.startNs)) * widthPx;
}

/** The other direction of {@link timeToPx}. Not rounded: callers round where a whole nanosecond is meant. */
export function pxToTime(range: TimeRange, widthPx: number, px: number): number {
  return range.startNs + (px / widthPx) * (range.endNs - range.startNs);
}

/**
 * `range` moved and, where it must be, narrowed or widened so that it lies within `limits` and spans at
 * least {@link MIN_SPAN_NS} (or all of `limits` where those are shorter).
 */
export function clampRange(range: TimeRange, limits: TimeRange): TimeRange {
  const most = Math.max(spanOf(limits), 1);
  const span = Math.min(most, Math.max(Math.min(MIN_SPAN_NS, most), spanOf(range)));
  // A span that had to be changed keeps its centre.
  const wanted = range.startNs + (spanOf(range) - span) / 2;
  const startNs = Math.min(Math.max(wanted, limits.startNs), limits.startNs + most - span);
  return { startNs, endNs: startNs + span };
}

/** Zooms by `factor` (below 1: closer) so that `anchorNs` stays where it is on the screen. */
export function zoomRange(range: TimeRange, factor: number, anchorNs: Ns, limits: TimeRange): TimeRange {
  const most = Math.max(spanOf(limits), 1);
  const span = Math.min(most, Math.max(Math.min(MIN_SPAN_NS, most), spanOf(range) * factor));
  const fraction = (anchorNs - range.startNs) / spanOf(range);
  const startNs = anchorNs - fraction * span;
  return clampRange({ startNs, endNs: startNs + span }, limits);
}

/** Moves by `deltaNs`; the span stays. */
export function panRange(range: TimeRange, deltaNs: Ns, limits: TimeRange): TimeRange {
  return clampRange({ startNs: range.startNs + deltaNs, endNs: range.endNs + deltaNs }, limits);
}

/** The range that shows `target` with a margin on either side, `margin` being a part of its length. */
export function fitRange(target: TimeRange, limits: TimeRange, margin = 0.1): TimeRange {
  const pad = Math.max(spanOf(target), 1) * margin;
  return clampRange({ startNs: target.startNs - pad, endNs: target.endNs + pad }, limits);
}

/** The range of the same span with `timeNs` in its middle. */
export function centreRange(range: TimeRange, timeNs: Ns, limits: TimeRange): TimeRange {
  const half = spanOf(range) / 2;
  return clampRange({ startNs: timeNs - half, endNs: timeNs + half }, limits);
}

/** What is missing at the end is shown up to this part of what is there: it must not crowd it out. */
const MOST_MISSING = 1 / 3;

/** The parts of a trace summary that say how far the axis goes. */
export interface TraceExtent {
  readonly complete: boolean;
  readonly durationNs: Ns;
  readonly plannedNs: Ns | null;
}

/**
 * Where the axis of a trace ends: behind its last row, and where the recording was cut off some way into what is
 * missing.
 */
export function axisEndNs({ complete, durationNs, plannedNs }: TraceExtent): Ns {
  const end = Math.max(1, durationNs);
  if (complete || plannedNs === null || plannedNs <= end) return end;
  return Math.min(plannedNs, Math.ceil(end * (1 + MOST_MISSING)));
}

/** Whether `outer` contains all of `inner`. */
export function contains(outer: TimeRange, inner: TimeRange): boolean {
  return outer.startNs <= inner.startNs && outer.endNs >= inner.endNs;
}
