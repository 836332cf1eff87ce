/**
 * Level of detail: which time range of a trace to ask for, at which resolution, and when a range that is
 * already loaded is good enough.
 */
import { clampRange, contains, spanOf, type TimeRange } from './time-axis.ts';

/** A range of the trace and how finely it was asked for. */
export interface DetailWindow extends TimeRange {
  readonly nsPerPx: number;
}

/** The service refuses more. */
const MAX_PIXELS = 16_384;
/** Columns may be this much coarser than the screen before sharper ones are asked for... */
const COARSER = 1.2;
/** ...and this much finer before they cost more to draw than to ask for again. */
const FINER = 6;

/** The visible range with a screen on either side, within `limits`, at the screen's own resolution. */
export function windowToFetch(
  range: TimeRange,
  widthPx: number,
  limits: TimeRange,
): DetailWindow & { pixels: number } {
  const span = spanOf(range);
  const wanted = clampRange({ startNs: range.startNs - span, endNs: range.endNs + span }, limits);
  const pixels = Math.min(MAX_PIXELS, Math.max(1, Math.ceil((spanOf(wanted) / span) * widthPx)));
  return { ...wanted, pixels, nsPerPx: spanOf(wanted) / pixels };
}

/** Whether `have` shows `range` completely and neither too coarsely nor far too finely. */
export function isSharp(have: DetailWindow, range: TimeRange, widthPx: number, limits: TimeRange): boolean {
  const nsPerPx = spanOf(range) / Math.max(1, widthPx);
  const visible = clampRange(range, limits);
  if (!contains(have, visible)) return false;
  if (have.nsPerPx <= nsPerPx * COARSER) return have.nsPerPx * FINER >= nsPerPx;
  return false;
}

/** How much of a screen must be there beyond either edge, or more is asked for before the reader gets there. */
const RESERVE = 1 / 3;

/** Whether `have` reaches far enough beyond `range` that panning on does not run out of it at once. */
export function hasReserve(have: DetailWindow, range: TimeRange, limits: TimeRange): boolean {
  const reserve = spanOf(range) * RESERVE;
  return (
    have.startNs <= Math.max(limits.startNs, range.startNs - reserve) &&
    have.endNs >= Math.min(limits.endNs, range.endNs + reserve)
  );
}
