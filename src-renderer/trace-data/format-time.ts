/** How times, durations and counts read. Digits are grouped in threes by thin spaces. */
import type { Ns } from '#shared/base/brands.ts';

const THIN_SPACE = '\u2009';
const NBSP = '\u00a0';

/**
 * The unit of the open trace's times. Some clocks count cycles or events, not nanoseconds: their times are
 * shown as the counts that they are. One trace is open at a time, and everything that shows a time shows one of it.
 */
let showsCounts = false;

/** @param counts whether times are counts of a clock without seconds from now on */
export function showTimesAsCounts(counts: boolean): void {
  showsCounts = counts;
}

/** `12345678` as `12 345 678`. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** `1 thread`, `12 threads`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A count in at most four characters: `9 999` stays, `12 345` is `12k`, `3 400 000` is `3.4M`. */
export function formatCountShort(value: number): string {
  for (const [unit, name] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value < 10 * unit && (unit === 1e3 || value < unit)) continue;
    const scaled = value / unit;
    return (scaled < 10 ? scaled.toFixed(1) : String(Math.floor(scaled))) + name;
  }
  return formatCount(value);
}

/**
 * A moment in seconds with `decimals` places (0 to 9), cut off and not rounded, so that a label never
 * names a moment that has not been reached: `1.233 412 600`.
 */
export function formatTime(timeNs: Ns, decimals = 9): string {
  if (showsCounts) return formatCount(timeNs);
  const whole = Math.floor(Math.abs(timeNs) + 1e-6);
  const seconds = Math.floor(whole / 1e9);
  const sign = timeNs <= -1 ? '\u2212' : '';
  if (decimals <= 0) return sign + formatCount(seconds);
  const fraction = String(whole - seconds * 1e9)
    .padStart(9, '0')
    .slice(0, decimals)
    .replace(/(\d{3})(?=\d)/g, `$1${THIN_SPACE}`);
  return `${sign}${formatCount(seconds)}.${fraction}`;
}

const UNITS: readonly (readonly [ns: Ns, name: string])[] = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
];

/** A length of time to three significant digits with the unit that suits it: `3.56 ms`, `850 ns`, `0 ns`. */
export function formatDuration(durationNs: Ns): string {
  const sign = durationNs < 0 ? '\u2212' : '';
  const length = Math.abs(durationNs);
  if (showsCounts) return `${sign}${formatCount(length)}${NBSP}counts`;
  for (const [ns, name] of UNITS) {
    // 999.7 µs reads as 1.00 ms, not as 1000 µs.
    if (length < ns * 0.9995) continue;
    const value = length / ns;
    const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return `${sign}${digits === 0 ? formatCount(value) : value.toFixed(digits)}${NBSP}${name}`;
  }
  return `${sign}${Math.round(length)}${NBSP}ns`;
}

/** A size as disks are sold, in units of a thousand: `9.8 MB`, `512 kB`. */
export function formatBytes(bytes: number): string {
  for (const [unit, name] of [
    [1e9, 'GB'],
    [1e6, 'MB'],
  ] as const) {
    if (bytes >= unit) return `${(bytes / unit).toFixed(1)}${NBSP}${name}`;
  }
  return `${formatCount(bytes / 1e3)}${NBSP}kB`;
}

/** A part of a whole: `61 %`; small parts that are not nothing read `< 1 %`. */
export function formatPercent(fraction: number): string {
  if (fraction > 0 && fraction < 0.005) return `<${NBSP}1${NBSP}%`;
  return `${Math.round(fraction * 100)}${NBSP}%`;
}

/** Decimals of a second that tell apart moments `stepNs` apart: 2 for 10 ms, 9 for 1 ns. */
export function decimalsForStep(stepNs: Ns): number {
  if (stepNs >= 1e9) return 0;
  return Math.min(9, Math.max(0, Math.ceil(9 - Math.log10(Math.max(stepNs, 1)) - 1e-9)));
}
