/**
 * Where rows stand: pinned rows on top, which do not scroll, and below them the rest, of which only what
 * is in view is ever touched. Heights are CSS pixels and come from the density tokens.
 */
import type { CpuId, LwpId, SyncId } from '#shared/base/brands.ts';
import type { LaneRow } from './lane-model.ts';

export interface RowHeights {
  readonly cpu: CpuId;
  readonly lwp: LwpId;
  readonly sync: SyncId;
  /** A lock that is pinned has room for more. */
  readonly pinnedSync: number;
  readonly group: number;
  /** The selected thread's own row on top, with life and budget. */
  readonly focus: number;
}

/** A row that is in view. */
export interface PlacedRow {
  readonly row: LaneRow;
  /** Distance from the top of the lane area. */
  readonly top: number;
  readonly height: number;
  readonly focus: boolean;
}

export class LaneLayout {
  readonly pinned: readonly LaneRow[];
  readonly scrolled: readonly LaneRow[];
  /** Height of the rows that do not scroll. */
  readonly pinnedHeight: number;
  /** Height of all rows that scroll. */
  readonly contentHeight: number;
  private readonly heights: RowHeights;
  /** `offsets[i]` is where scrolled row `i` begins; one more than there are rows. */
  private readonly offsets: Float64Array;
  private readonly focusKey: string | null;

  /** @param focusKey key of the row that is drawn large, null for none */
  constructor(rows: readonly LaneRow[], heights: RowHeights, focusKey: string | null) {
    this.heights = heights;
    this.focusKey = focusKey;
    let pinned = 0;
    while (pinned < rows.length && rows[pinned]!.pinned) pinned++;
    this.pinned = rows.slice(0, pinned);
    this.scrolled = rows.slice(pinned);
    this.pinnedHeight = this.pinned.reduce((sum, row) => sum + this.heightOf(row), 0);
    this.offsets = new Float64Array(this.scrolled.length + 1);
    for (let i = 0; i < this.scrolled.length; i++) {
      this.offsets[i + 1] = this.offsets[i]! + this.heightOf(this.scrolled[i]!);
    }
    this.contentHeight = this.offsets[this.scrolled.length]!;
  }

  heightOf(row: LaneRow): number {
    if (row.key === this.focusKey) return this.heights.focus;
    return row.kind === 'sync' && row.pinned ? this.heights.pinnedSync : this.heights[row.kind];
  }

  /** The furthest that the rows can be scrolled in an area `areaHeight` high. */
  maxScroll(areaHeight: number): number {
    return Math.max(0, this.contentHeight - Math.max(0, areaHeight - this.pinnedHeight));
  }

  /** The row boundary nearest to `scrollTop`, so that no row is cut at the top; at the end the last rows are whole. */
  snapScroll(scrollTop: number, areaHeight: number): number {
    const index = this.indexAt(scrollTop);
    if (index >= this.scrolled.length) return scrollTop;
    const above = this.offsets[index]!;
    const below = this.offsets[index + 1]!;
    if (scrollTop >= this.maxScroll(areaHeight)) return scrollTop > above ? below : above;
    return scrollTop - above < below - scrollTop ? above : below;
  }

  /** Rows in view, pinned ones first, each with its place. Rows cut by an edge are included. */
  visible(scrollTop: number, areaHeight: number): PlacedRow[] {
    const placed: PlacedRow[] = [];
    let top = 0;
    for (const row of this.pinned) {
      const height = this.heightOf(row);
      if (top < areaHeight) placed.push({ row, top, height, focus: row.key === this.focusKey });
      top += height;
    }
    const shift = this.pinnedHeight - scrollTop;
    for (let i = this.indexAt(scrollTop); i < this.scrolled.length; i++) {
      const rowTop = this.offsets[i]! + shift;
      if (rowTop >= areaHeight) break;
      const row = this.scrolled[i]!;
      placed.push({ row, top: rowTop, height: this.heightOf(row), focus: row.key === this.focusKey });
    }
    return placed;
  }

  /** The row under `y` (from the top of the lane area), or null below the last one. */
  rowAt(y: number, scrollTop: number): PlacedRow | null {
    let top = 0;
    for (const row of this.pinned) {
      const height = this.heightOf(row);
      if (y >= top && y < top + height) return { row, top, height, focus: row.key === this.focusKey };
      top += height;
    }
    if (y < top) return null;
    const offset = y - this.pinnedHeight + scrollTop;
    if (offset < 0 || offset >= this.contentHeight) return null;
    const index = this.indexAt(offset);
    const row = this.scrolled[index]!;
    return {
      row,
      top: this.offsets[index]! + this.pinnedHeight - scrollTop,
      height: this.heightOf(row),
      focus: row.key === this.focusKey,
    };
  }

  /**
   * Scroll position nearest to `scrollTop` at which the row `key` is wholly in view; `scrollTop` where it is unknown.
   */
  scrollToShow(key: string, scrollTop: number, areaHeight: number): number {
    const index = this.scrolled.findIndex((row) => row.key === key);
    if (index < 0) return scrollTop;
    const room = areaHeight - this.pinnedHeight;
    const top = this.offsets[index]!;
    const bottom = this.offsets[index + 1]!;
    if (top < scrollTop) return top;
    if (bottom > scrollTop + room) return Math.max(0, bottom - room);
    return scrollTop;
  }

  /** Distance of a scrolled row from the first one; -1 where there is no such row. */
  topOf(key: string): number {
    const index = this.scrolled.findIndex((row) => row.key === key);
    return index < 0 ? -1 : this.offsets[index]!;
  }

  /** How many lanes (headings not counted) lie wholly or mostly below the lower edge. */
  lanesBelow(scrollTop: number, areaHeight: number): number {
    const edge = scrollTop + Math.max(0, areaHeight - this.pinnedHeight);
    let count = 0;
    for (let i = this.scrolled.length - 1; i >= 0; i--) {
      if ((this.offsets[i]! + this.offsets[i + 1]!) / 2 <= edge) break;
      if (this.scrolled[i]!.kind !== 'group') count++;
    }
    return count;
  }

  /** Index of the scrolled row at `offset`, or the number of rows past the end. */
  private indexAt(offset: number): number {
    let low = 0;
    let high = this.scrolled.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.offsets[middle + 1]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
