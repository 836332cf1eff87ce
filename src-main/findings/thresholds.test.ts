import { describe, expect, it } from 'vitest';
import { DETECTORS } from './detectors/index.ts';
import { parseThreshold } from './thresholds.ts';

describe('a threshold', () => {
  it.each([
    ['late-run.latency=20ms', 20_000_000],
    ['late-run.latency=1.5us', 1500],
    ['late-run.latency=7', 7],
    ['lock-convoy.waiters=5', 5],
    ['requests-unused.share=95%', 0.95],
    ['requests-unused.share=0.5', 0.5],
  ])('is read from %s', (text, value) => {
    const [name, read] = parseThreshold(text, DETECTORS);
    expect(name).toBe(text.split('=')[0]);
    expect(read).toBeCloseTo(value, 9);
  });

  it.each([
    'late-run',
    '=5',
    'late-run.latency=',
    'late-run.latency=5%',
    'lock-convoy.waiters=5ms',
    'lock-convoy.waiters=-1',
  ])('is refused from %s', (text) => {
    expect(() => parseThreshold(text, DETECTORS)).toThrowError(
      expect.objectContaining({ code: 'usage' }) as Error,
    );
  });

  it('has a unit, a source and a name of its own for each detector', () => {
    for (const { id, thresholds } of DETECTORS) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      for (const [name, { about, source, value }] of Object.entries(thresholds)) {
        expect(name).toMatch(/^[a-z]+$/i);
        expect([about, source].every((text) => text.length > 0) && value > 0).toBe(true);
      }
    }
  });
});
