/** Where notes stand on the time axis: a flag for each, or for several that would stand on each other. */
import type { Ns } from '#shared/base/brands.ts';
import { timeToPx, type TimeRange } from './time-axis.ts';

/** A moment (its end is its start) or a time range. */
export interface NotedTime {
  readonly startNs: Ns;
  readonly endNs: Ns;
}

/** One flag. Positions are CSS pixels from the left edge of the axis. */
export interface NoteMark<Note extends NotedTime> {
  /** Where the flag stands. That of a range which began before the view stands at its left edge. */
  readonly px: number;
  /** What the flag stands for, in order of time; at least one. */
  readonly notes: readonly Note[];
  /** How much room there is up to the next flag, or the right edge. */
  readonly roomPx: number;
}

/** The part of a time range that is in view. */
export interface NoteSpan {
  readonly left: number;
  readonly width: number;
}

/**
 * Flags for the notes in view. Those that stand within `flagPx` of the first one become one flag.
 *
 * @param notes in order of their starts
 * @param flagPx width of a flag
 */
export function noteMarks<Note extends NotedTime>(
  notes: readonly Note[],
  range: TimeRange,
  widthPx: number,
  flagPx: number,
): NoteMark<Note>[] {
  const clusters: { px: number; notes: Note[] }[] = [];
  for (const note of notes) {
    if (note.startNs > range.endNs) break;
    if (note.endNs < range.startNs) continue;
    const px = Math.max(0, timeToPx(range, widthPx, note.startNs));
    const last = clusters.at(-1);
    if (last !== undefined && px - last.px < flagPx) last.notes.push(note);
    else clusters.push({ px, notes: [note] });
  }
  return clusters.map((cluster, at) => ({
    ...cluster,
    roomPx: (clusters[at + 1]?.px ?? widthPx) - cluster.px - flagPx,
  }));
}

/** The part of a note's range that is in view; null for a moment. */
export function noteSpan({ startNs, endNs }: NotedTime, range: TimeRange, widthPx: number): NoteSpan | null {
  if (endNs <= startNs) return null;
  const left = Math.max(0, timeToPx(range, widthPx, startNs));
  const right = Math.min(widthPx, timeToPx(range, widthPx, endNs));
  return right < left ? null : { left, width: Math.max(1, right - left) };
}

/**
 * From the first start to the last: what must be in view for the flags to stand apart. Empty where all start at once.
 */
export function startsOf(notes: readonly NotedTime[]): TimeRange {
  return {
    startNs: Math.min(...notes.map(({ startNs }) => startNs)),
    endNs: Math.max(...notes.map(({ startNs }) => startNs)),
  };
}

/**
 * The note before or after the cursor, in order of time; of several at its very moment, those beyond `currentId`.
 *
 * @returns undefined where there is none in that direction
 */
export function neighbourNote<Note extends NotedTime & { readonly id: string }>(
  notes: readonly Note[],
  cursorNs: Ns,
  currentId: string | null,
  direction: 'next' | 'previous',
): Note | undefined {
  const current = notes.findIndex(({ id, startNs }) => id === currentId && startNs === cursorNs);
  if (current >= 0) return notes[current + (direction === 'next' ? 1 : -1)];
  return direction === 'next'
    ? notes.find(({ startNs }) => startNs > cursorNs)
    : notes.findLast(({ startNs }) => startNs < cursorNs);
}
