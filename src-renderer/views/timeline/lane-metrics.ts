/** Heights of rows and of what stands in them, from the density tokens. CSS pixels. */
import type { PlacedRow, RowHeights } from '#renderer/trace-data/lane-layout.ts';

/** Height of the nopreempt bracket and of the gap over it. */
export const BRACKET_PX = 3;
export const BRACKET_GAP_PX = 1;
/** Height of the run-queue stripe: three levels of one pixel and a little more. */
export const QUEUE_PX = 4;
/** The waiters of a lock, under the bar of its holder. */
const WAITERS_PX = 8;

export function readHeights(root: Element): RowHeights {
  const style = getComputedStyle(root);
  const px = (name: string): number => Number.parseFloat(style.getPropertyValue(name));
  return {
    cpu: px('--lane-cpu'),
    lwp: px('--lane-th'),
    sync: px('--lane-th') + WAITERS_PX,
    pinnedSync: px('--lane-lock'),
    group: px('--group'),
    focus: px('--lane-sel'),
  };
}

/** Top and height of a bar within its row. */
export interface BarPlace {
  readonly top: number;
  readonly height: number;
}

export function cpuBar(rowHeight: number): BarPlace {
  const top = rowHeight > 18 ? 2 : 1;
  return { top, height: rowHeight - top - QUEUE_PX - 2 };
}

export function lwpBar(rowHeight: number): BarPlace {
  const top = rowHeight > 15 ? 2 : 1;
  return { top, height: rowHeight - top - BRACKET_PX - BRACKET_GAP_PX - 1 };
}

/** A lock's row: the bar of its holder, and under it the curve of its waiters. */
export function syncPlaces(rowHeight: number): { readonly bar: BarPlace; readonly waiters: BarPlace } {
  const bar = { top: 2, height: Math.round((rowHeight - 5) * 0.55) };
  const top = bar.top + bar.height + 1;
  return { bar, waiters: { top, height: rowHeight - top - 2 } };
}

/** The large row of the selected thread: bar, marks, and the box with life and budget. */
export interface FocusPlaces {
  readonly bar: BarPlace;
  /** Centre of the marks. */
  readonly marks: number;
  readonly life: BarPlace;
  readonly budget: BarPlace;
}

export function focusPlaces(rowHeight: number): FocusPlaces {
  const bar = { top: 5, height: Math.round(rowHeight * 0.2) };
  const marks = bar.top + bar.height + 8;
  const boxTop = marks + 8;
  const boxHeight = rowHeight - boxTop - 4;
  const life = { top: boxTop, height: Math.floor(boxHeight / 2) };
  return { bar, marks, life, budget: { top: boxTop + life.height, height: boxHeight - life.height } };
}

/** The bar of any lane. */
export function barOf({ row, height, focus }: PlacedRow): BarPlace {
  switch (row.kind) {
    case 'cpu':
      return cpuBar(height);
    case 'sync':
      return syncPlaces(height).bar;
    case 'lwp':
      return focus ? focusPlaces(height).bar : lwpBar(height);
    case 'group':
      return { top: 0, height };
  }
}
