import { describe, expect, it, vi } from 'vitest';
import { LabelFit } from './label-fit.ts';

describe('LabelFit', () => {
  it('drops to the short name, then to nothing', () => {
    const fit = new LabelFit((text) => text.length * 6);
    expect([100, 60, 59, 18, 17, 3].map((room) => fit.fit('backend 07', 'b07', room))).toEqual([
      'backend 07',
      'backend 07',
      'b07',
      'b07',
      '',
      '',
    ]);
  });

  it('measures a text once', () => {
    const measure = vi.fn(() => 10);
    const fit = new LabelFit(measure);
    for (let i = 0; i < 100; i++) fit.fit('walwriter', '', 50);
    expect(measure).toHaveBeenCalledTimes(1);
  });
});
