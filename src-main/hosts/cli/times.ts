/** Times as the command line takes and shows them. */
import { InvalidArgumentError } from 'commander';

const UNIT_NS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, min: 60e9 };

/**
 * "12.5ms", "2 s", "800us"; a bare number is nanoseconds. Returns nanoseconds.
 * Throws commander's error for what is no time.
 */
export function parseTime(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|min)?$/.exec(text.trim());
  if (match === null) {
    throw new InvalidArgumentError('Expected a time such as 250us, 12.5ms, 1.5s, or nanoseconds.');
  }
  return Math.round(Number(match[1]) * UNIT_NS[match[2] ?? 'ns']!);
}

/** A {@link parseTime} that is longer than nothing. */
export function parseDuration(text: string): number {
  const durationNs = parseTime(text);
  if (durationNs === 0) throw new InvalidArgumentError('Expected a time longer than 0.');
  return durationNs;
}

/** Parses a whole number from `least` to `most`. */
export const parseWhole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    }
    return value;
  };

/** A time in the unit that suits it: 12.500 ms. */
export function showTime(timeNs: number): string {
  const size = Math.abs(timeNs);
  if (size >= 1e9) return `${(timeNs / 1e9).toFixed(6)} s`;
  if (size >= 1e6) return `${(timeNs / 1e6).toFixed(3)} ms`;
  if (size >= 1e3) return `${(timeNs / 1e3).toFixed(3)} us`;
  return `${timeNs} ns`;
}
