import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  axisEndNs,
  centreRange,
  clampRange,
  fitRange,
  MIN_SPAN_NS,
  panRange,
  pxToTime,
  spanOf,
  timeToPx,
  zoomRange,
  type TimeRange,
} from './time-axis.ts';

const TRACE: TimeRange = { startNs: 0, endNs: 2e9 };

const ranges = fc
  .tuple(fc.integer({ min: 0, max: 1.9e9 }), fc.integer({ min: 100, max: 1e8 }))
  .map(([startNs, length]) => ({ startNs, endNs: startNs + length }));

describe('the end of the axis', () => {
  it('is the last row of a trace, however long the recording was to be', () => {
    expect(axisEndNs({ complete: true, durationNs: 900, plannedNs: 1000 })).toBe(900);
    expect(axisEndNs({ complete: false, durationNs: 900, plannedNs: null })).toBe(900);
    expect(axisEndNs({ complete: false, durationNs: 0, plannedNs: null })).toBe(1);
  });

  it('is the planned end where the recording was cut off, unless what is missing would crowd out what is there', () => {
    expect(axisEndNs({ complete: false, durationNs: 900, plannedNs: 1000 })).toBe(1000);
    expect(axisEndNs({ complete: false, durationNs: 900, plannedNs: 1e6 })).toBe(1200);
  });
});

describe('the time axis', () => {
  it('puts the ends of the range at the ends of the axis', () => {
    const range = { startNs: 100, endNs: 300 };
    expect(timeToPx(range, 1000, 100)).toBe(0);
    expect(timeToPx(range, 1000, 300)).toBe(1000);
    expect(pxToTime(range, 1000, 500)).toBe(200);
  });

  it('keeps the time under the pointer where it is while zooming', () => {
    fc.assert(
      fc.property(
        ranges,
        fc.double({ min: 0.2, max: 0.9, noNaN: true }),
        fc.nat({ max: 1000 }),
        (range, factor, px) => {
          const anchor = pxToTime(range, 1000, px);
          const zoomed = zoomRange(range, factor, anchor, TRACE);
          // A range at its closest cannot follow any further.
          fc.pre(spanOf(zoomed) > MIN_SPAN_NS);
          expect(timeToPx(zoomed, 1000, anchor)).toBeCloseTo(px, 2);
        },
      ),
    );
  });

  it('never leaves the trace and never gets closer than the closest look', () => {
    fc.assert(
      fc.property(
        ranges,
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.double({ min: -1e10, max: 1e10, noNaN: true }),
        (range, factor, delta) => {
          for (const next of [
            zoomRange(range, factor, range.startNs, TRACE),
            panRange(range, delta, TRACE),
          ]) {
            expect(next.startNs).toBeGreaterThanOrEqual(0);
            expect(next.endNs).toBeLessThanOrEqual(TRACE.endNs + 1e-3);
            expect(spanOf(next)).toBeGreaterThan(MIN_SPAN_NS - 1e-3);
          }
        },
      ),
    );
  });

  it('keeps the span when panning into an end', () => {
    expect(panRange({ startNs: 1.9e9, endNs: 1.95e9 }, 5e9, TRACE)).toEqual({ startNs: 1.95e9, endNs: 2e9 });
  });

  it('shows all of a trace that is shorter than the closest look', () => {
    expect(clampRange({ startNs: 0, endNs: 1000 }, { startNs: 0, endNs: 30 })).toEqual({
      startNs: 0,
      endNs: 30,
    });
  });

  it('fits a slice with a tenth of its length on either side', () => {
    expect(fitRange({ startNs: 1000, endNs: 2000 }, TRACE)).toEqual({ startNs: 900, endNs: 2100 });
  });

  it('centres as far as the trace allows', () => {
    expect(centreRange({ startNs: 0, endNs: 100 }, 1000, TRACE)).toEqual({ startNs: 950, endNs: 1050 });
    expect(centreRange({ startNs: 500, endNs: 600 }, 10, TRACE)).toEqual({ startNs: 0, endNs: 100 });
  });
});
