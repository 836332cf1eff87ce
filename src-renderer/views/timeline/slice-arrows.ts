/** What the arrows of a slice say, and where their chips go. */
import type { NameTable } from '#renderer/trace-data/decode/names.ts';
import { formatDuration } from '#renderer/trace-data/format-time.ts';
import type { SliceLink } from '#renderer/trace-data/slice-links.ts';

export interface Arrow {
  readonly key: string;
  readonly kind: SliceLink['kind'];
  /** SVG path. */
  readonly path: string;
  readonly text: string;
  /** Where the arrow ends, CSS pixels. */
  readonly x: number;
  readonly y: number;
}

export interface PlacedArrow extends Arrow {
  /** Left upper corner of the chip; null where there is no room for it. */
  readonly chip: { readonly x: number; readonly y: number } | null;
}

export const CHIP_HEIGHT_PX = 18;
/** Widest that a character of a chip is taken to be: chips are placed before they are measured. */
const CHARACTER_PX = 6.4;
const PADDING_PX = 14;

/** @param lwp the thread that the slice is of: it goes without saying */
export function arrowText(link: SliceLink, lwp: number, names: NameTable): string {
  switch (link.kind) {
    case 'preemptor': {
      const lost = link.backNs < 0 ? '' : `, off for ${formatDuration(link.backNs - link.timeNs)}`;
      return `${names.lwp(link.lwp)} took ${names.cpu(link.cpu)}${lost}`;
    }
    case 'migration':
      return `${names.cpu(link.fromCpu)} → ${link.toCpu}, off ${formatDuration(link.toNs - link.fromNs)}`;
    case 'wakeup': {
      const latency = link.runNs < 0 ? '' : `, ran after ${formatDuration(link.runNs - link.timeNs)}`;
      if (link.waker === lwp) return `woke ${names.lwp(link.woken)}${latency}`;
      if (link.waker >= 0) return `woken by ${names.lwp(link.waker)}${latency}`;
      // A timer, an idle CPU, the world outside: the trace does not tell them apart.
      return `woken by no ${names.words.one}${link.wakerCpu < 0 ? '' : `, on ${names.cpu(link.wakerCpu)}`}${latency}`;
    }
  }
}

/** Chips beside the ends of their arrows, moved down where one would lie on another; left out where none fits. */
export function placeChips(arrows: readonly Arrow[], widthPx: number, heightPx: number): PlacedArrow[] {
  const taken: { x: number; y: number; width: number }[] = [];
  const isFree = (x: number, y: number, width: number): boolean =>
    taken.every(
      (other) =>
        x + width < other.x || other.x + other.width < x || Math.abs(y - other.y) >= CHIP_HEIGHT_PX + 2,
    );
  return arrows.map((arrow) => {
    const width = arrow.text.length * CHARACTER_PX + PADDING_PX;
    const x = Math.max(4, Math.min(arrow.x + 10, widthPx - width));
    for (let step = 0; step < 4; step++) {
      const y = arrow.y - CHIP_HEIGHT_PX / 2 + step * (CHIP_HEIGHT_PX + 2);
      if (y + CHIP_HEIGHT_PX > heightPx || y < 0 || !isFree(x, y, width)) continue;
      taken.push({ x, y, width });
      return { ...arrow, chip: { x, y } };
    }
    return { ...arrow, chip: null };
  });
}
