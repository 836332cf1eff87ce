import { describe, expect, it } from 'vitest';
import { LaneLayout, type RowHeights } from './lane-layout.ts';
import type { LaneRow } from './lane-model.ts';

const HEIGHTS: RowHeights = {
  cpu: 20,
  lwp: 10,
  sync: 20,
  pinnedSync: 36,
  group: 16,
  focus: 70,
};

const row = (key: string, kind: LaneRow['kind'] = 'lwp', pinned = false): LaneRow => ({
  key,
  kind,
  id: 0,
  name: key,
  shortName: '',
  detail: '',
  group: 'g',
  pinned,
});
const threads = (count: number): LaneRow[] => Array.from({ length: count }, (_, i) => row(`t${i}`));
/** `key@top` of the rows in view. */
const seen = (layout: LaneLayout, scrollTop: number, height: number): string[] =>
  layout.visible(scrollTop, height).map((placed) => `${placed.row.key}@${placed.top}`);

describe('LaneLayout', () => {
  it('places rows one below the other and touches only those in view', () => {
    const layout = new LaneLayout([row('g', 'group'), ...threads(1000)], HEIGHTS, null);
    expect(layout.contentHeight).toBe(16 + 10_000);
    expect(seen(layout, 0, 30)).toEqual(['g@0', 't0@16', 't1@26']);
    expect(seen(layout, 5016, 20)).toEqual(['t500@0', 't501@10']);
  });

  it('keeps pinned rows on top of what scrolls, the selected one large', () => {
    const layout = new LaneLayout(
      [row('pin:a', 'lwp', true), row('pin:b', 'lwp', true), ...threads(10)],
      HEIGHTS,
      'pin:a',
    );
    expect(layout.pinnedHeight).toBe(80);
    expect(seen(layout, 30, 100)).toEqual(['pin:a@0', 'pin:b@70', 't3@80', 't4@90']);
  });

  it('finds the row under a point, pinned rows first', () => {
    const layout = new LaneLayout([row('pin:a', 'lwp', true), ...threads(10)], HEIGHTS, 'pin:a');
    expect(layout.rowAt(69, 20)?.row.key).toBe('pin:a');
    expect(layout.rowAt(70, 20)?.row.key).toBe('t2');
    expect(layout.rowAt(70, 20)?.top).toBe(70);
    expect(layout.rowAt(500, 0)).toBeNull();
  });

  it('scrolls as little as brings a row wholly into view', () => {
    const layout = new LaneLayout(threads(100), HEIGHTS, null);
    expect(layout.scrollToShow('t5', 0, 100)).toBe(0);
    expect(layout.scrollToShow('t50', 0, 100)).toBe(410);
    expect(layout.scrollToShow('t5', 410, 100)).toBe(50);
    expect(layout.scrollToShow('unknown', 42, 100)).toBe(42);
  });

  it('starts at a row boundary wherever it was scrolled to, and ends with whole rows', () => {
    const layout = new LaneLayout(threads(10), HEIGHTS, null);
    expect(layout.snapScroll(14, 50)).toBe(10);
    expect(layout.snapScroll(16, 50)).toBe(20);
    expect(layout.maxScroll(45)).toBe(55);
    expect(layout.snapScroll(55, 45)).toBe(60);
  });

  it('counts the lanes below the edge without headings', () => {
    const layout = new LaneLayout(
      [row('g', 'group'), ...threads(10), row('h', 'group'), ...threads(2)],
      HEIGHTS,
      null,
    );
    expect(layout.lanesBelow(0, 36)).toBe(10);
    expect(layout.lanesBelow(0, 1000)).toBe(0);
  });
});
