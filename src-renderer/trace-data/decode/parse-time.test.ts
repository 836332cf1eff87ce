import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime } from '../format-time.ts';
import { clockParts, parseTime } from './parse-time.ts';

const plain = (text: string): string => text.replace(/[\u2009\u00a0]/g, ' ');

describe('clockParts', () => {
  it('cuts behind the milliseconds', () => {
    const { lead, rest } = clockParts(1_233_412_600);
    expect([lead, plain(rest)]).toEqual(['1.233', ' 412 600']);
  });
});

describe('parseTime', () => {
  const context = { cursorNs: 1_000_000_000, durationNs: 2_000_000_000, tickNs: 10_000_000 };
  const timeOf = (text: string): number | string => {
    const parsed = parseTime(text, context);
    return parsed.ok ? parsed.timeNs : parsed.message;
  };

  it.each([
    ['1.2334126', 1_233_412_600],
    ['350 ms', 350_000_000],
    ['12us', 12_000],
    ['12 µs', 12_000],
    ['900ns', 900],
    ['40 ticks', 400_000_000],
    ['50 %', 1_000_000_000],
    ['+5 ms', 1_005_000_000],
    ['-2 ticks', 980_000_000],
    ['0', 0],
    ['1,5', 1_500_000_000],
  ])('%s is %i ns', (text, ns) => {
    expect(timeOf(text)).toBe(ns);
  });

  it('says what is wrong', () => {
    expect(timeOf('soon')).toMatch(/^Enter a number of seconds/);
    expect(timeOf('5 parsecs')).toBe('"parsecs" is not a unit of time: use s, ms, us, ns, ticks or %');
    expect(plain(String(timeOf('3')))).toBe('The trace ends at 2.000 000 000 s');
    expect(timeOf('-2 s')).toBe('That is before the start of the trace');
    expect(parseTime('4 ticks', { ...context, tickNs: null })).toEqual({
      ok: false,
      message: 'This trace has no clock ticks',
    });
  });

  it('reads back every clock that it writes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2_000_000_000 }), (ns) => {
        expect(timeOf(formatTime(ns))).toBe(ns);
      }),
    );
  });
});
