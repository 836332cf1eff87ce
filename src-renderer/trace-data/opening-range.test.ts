import { describe, expect, it } from 'vitest';
import type { Ns } from '#shared/base/brands.ts';
import type { Highlight } from '#shared/api/contract.ts';
import { openingRange } from './opening-range.ts';

const limits = { startNs: 0, endNs: 2e9 };
const highlight = (what: Highlight['what'], startNs: Ns, endNs: Ns): Highlight => ({
  what,
  timeNs: endNs,
  sequence: null,
  lwp: 1,
  startNs,
  endNs,
});

describe('openingRange', () => {
  it('shows a revoked request six times as wide as it was long, in the middle', () => {
    expect(openingRange(highlight('forced', 1.0e9, 1.03e9), limits)).toEqual({
      startNs: 1.015e9 - 90e6,
      endNs: 1.015e9 + 90e6,
    });
  });

  it('never opens on less than can be made sense of', () => {
    const { startNs, endNs } = openingRange(highlight('failsafe', 1e9, 1e9 + 1000), limits);
    expect(endNs - startNs).toBe(20e6);
  });

  it('stays within the trace', () => {
    expect(openingRange(highlight('forced', 0, 10e6), limits)).toEqual({ startNs: 0, endNs: 60e6 });
    expect(openingRange(highlight('forced', 0, 1e9), limits)).toEqual(limits);
  });

  it('shows a lost CPU with its surroundings where it could not be seen in the whole of a long trace', () => {
    const long = { startNs: 0, endNs: 800e9 };
    const { startNs, endNs } = openingRange(highlight('preempted', 10e9, 10.012e9), long);
    expect(endNs - startNs).toBe(60 * 12e6);
    expect((startNs + endNs) / 2).toBe(10.006e9);
  });

  it('shows the whole trace where nothing was revoked', () => {
    expect(openingRange(highlight('deferred', 1e9, 1.1e9), limits)).toEqual(limits);
    expect(openingRange(highlight('preempted', 1e9, 1.1e9), limits)).toEqual(limits);
  });
});
