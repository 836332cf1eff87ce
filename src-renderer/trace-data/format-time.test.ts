import { afterEach, describe, expect, it } from 'vitest';
import {
  formatBytes,
  decimalsForStep,
  countOf,
  formatCount,
  formatCountShort,
  formatDuration,
  formatPercent,
  formatTime,
  showTimesAsCounts,
} from './format-time.ts';

/** Thin and no-break spaces as plain ones, for reading. */
const plain = (text: string): string => text.replace(/[\u2009\u00a0]/g, ' ');

describe('formatTime', () => {
  it('groups the decimals of a second by three', () => {
    expect(plain(formatTime(1_233_412_600))).toBe('1.233 412 600');
    expect(plain(formatTime(12_345e9, 3))).toBe('12 345.000');
  });

  it('cuts off instead of rounding up to a moment that is not there yet', () => {
    expect(formatTime(1_999_999_999, 3)).toBe('1.999');
    expect(formatTime(999_999_999, 0)).toBe('0');
  });

  it('has a sign for moments before the origin', () => {
    expect(formatTime(-1_500_000, 6)).toBe('\u22120.001\u2009500');
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 ns'],
    [850, '850 ns'],
    [999.7, '1.00 µs'],
    [3_560_000, '3.56 ms'],
    [30_600_000, '30.6 ms'],
    [383e6, '383 ms'],
    [2e9, '2.00 s'],
    [-5_000, '\u22125.00 µs'],
    [3_600e9, '3 600 s'],
  ])('%d ns reads %s', (ns, text) => {
    expect(plain(formatDuration(ns))).toBe(text);
  });
});

it('countOf says how many there are of a thing', () => {
  expect([0, 1, 1200].map((count) => countOf(count, 'lane'))).toEqual([
    '0 lanes',
    '1 lane',
    '1\u2009200 lanes',
  ]);
});

describe('formatCount', () => {
  it('groups by thousands', () => {
    expect(plain(formatCount(67_049))).toBe('67 049');
  });

  it('gets short where there is little room', () => {
    expect([9_999, 12_345, 3_400_000, 12e9].map((value) => plain(formatCountShort(value)))).toEqual([
      '9 999',
      '12k',
      '3.4M',
      '12G',
    ]);
  });
});

it('formatBytes counts in thousands', () => {
  expect([0, 999_999, 1_500_000, 2e9].map((bytes) => plain(formatBytes(bytes)))).toEqual([
    '0 kB',
    '1 000 kB',
    '1.5 MB',
    '2.0 GB',
  ]);
});

it('formatPercent does not call a little nothing', () => {
  expect([0, 0.001, 0.5, 1].map((part) => plain(formatPercent(part)))).toEqual([
    '0 %',
    '< 1 %',
    '50 %',
    '100 %',
  ]);
});

it('decimalsForStep gives as many decimals as tell two moments apart', () => {
  expect([2e9, 1e7, 1e6, 1].map(decimalsForStep)).toEqual([0, 2, 3, 9]);
});

describe('a clock that does not count seconds', () => {
  afterEach(() => showTimesAsCounts(false));

  it('has its times shown as the counts that they are', () => {
    showTimesAsCounts(true);
    expect(plain(formatTime(1_233_412_600))).toBe('1 233 412 600');
    expect(plain(formatDuration(12_345))).toBe('12 345 counts');
    showTimesAsCounts(false);
    expect(plain(formatDuration(12_345))).toBe('12.3 µs');
  });
});
