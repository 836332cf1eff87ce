/** Arithmetic of playing and stepping: no clock, no requests. All times in ns since the start of the trace. */
import type { Ns, Seq } from '#shared/base/brands.ts';

/** Speeds offered, in seconds of trace for each second of the clock on the wall. */
export const SPEEDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100, 1000] as const;
export const DEFAULT_SPEED = 0.01;

/** Rows of the trace for each second of the clock on the wall, for playing by rows. */
export const EVENT_RATES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] as const;
export const DEFAULT_EVENT_RATE = 10;

/** A hidden window gets no frames; what it missed is not made up for. */
const LONGEST_FRAME_MS = 100;

export interface Advance {
  readonly cursorNs: Ns;
  readonly atEnd: boolean;
}

/** The part of a frame's time that counts. */
const counted = (elapsedMs: number): number => Math.min(Math.max(0, elapsedMs), LONGEST_FRAME_MS);

/** Where the cursor is `elapsedMs` of the wall's clock later. */
export function advance(cursorNs: Ns, elapsedMs: number, speed: number, endNs: Ns): Advance {
  const moved = cursorNs + counted(elapsedMs) * 1e6 * speed;
  return moved >= endNs ? { cursorNs: endNs, atEnd: true } : { cursorNs: moved, atEnd: false };
}

/**
 * Rows that are due `elapsedMs` later, as a whole number, and the part of a row that is left over.
 *
 * @param owed what the last call left over
 */
export function rowsDue(
  owed: number,
  elapsedMs: number,
  rate: number,
): { readonly rows: number; readonly owed: number } {
  const due = owed + (counted(elapsedMs) / 1000) * rate;
  const rows = Math.floor(due);
  return { rows, owed: due - rows };
}

/** The next larger (`direction` 1) or smaller (-1) of `values`; the same at either end. */
export function neighbour(values: readonly number[], value: number, direction: 1 | -1): number {
  return direction === 1
    ? (values.find((candidate) => candidate > value) ?? value)
    : (values.findLast((candidate) => candidate < value) ?? value);
}

/** The last row at or before the cursor: sequence 0 before the first. */
export interface Row {
  readonly sequence: Seq;
  readonly timeNs: Ns;
}

/**
 * The sequence that `trace.step` starts from, given the last row at or before the cursor.
 *
 * A cursor between two rows (put there by time) has the row before it as its previous one; a cursor on a
 * row has passed that row already.
 *
 * @param onRow the cursor stands on `row` itself, not merely at its time
 */
export function stepOrigin(direction: 'next' | 'previous', row: Row, cursorNs: Ns, onRow: boolean): number {
  const between = !onRow && cursorNs > row.timeNs;
  return direction === 'previous' && between ? row.sequence + 1 : row.sequence;
}
