import { describe, expect, it } from 'vitest';
import { keptLayouts, layoutFrom, NEW_LAYOUT, type Layout } from './layouts.ts';

const tall: Layout = { panelPx: { bottom: 300 }, folded: { inspector: true }, bottomTab: 'selection' };

describe('layoutFrom', () => {
  it('reads what was written', () => {
    expect(layoutFrom(JSON.parse(JSON.stringify(tall)))).toEqual(tall);
  });

  it('leaves out what somebody broke', () => {
    const broken = { panelPx: { bottom: 'high', side: 40 }, folded: [true], bottomTab: 'nonsense' };
    expect(layoutFrom(broken)).toEqual({ panelPx: { side: 40 }, folded: {}, bottomTab: 'events' });
    expect(layoutFrom('nonsense')).toBeUndefined();
  });
});

describe('keptLayouts', () => {
  it('keeps the layout of each trace, the newest last', () => {
    const first = keptLayouts({}, '/a', NEW_LAYOUT);
    const second = keptLayouts(keptLayouts(first, '/b', NEW_LAYOUT), '/a', tall);
    expect(Object.keys(second)).toEqual(['/b', '/a']);
    expect(second['/a']).toBe(tall);
  });

  it('forgets the one that was left longest ago when there are too many', () => {
    let layouts: Record<string, Layout> = {};
    for (let i = 0; i < 101; i++) layouts = keptLayouts(layouts, `/${i}`, NEW_LAYOUT);
    expect(Object.keys(layouts)).toHaveLength(100);
    expect(layouts).not.toHaveProperty(['/0']);
  });
});
