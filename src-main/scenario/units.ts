/** Durations as people write them: "200us", "1.5 ms", "3 ticks". */

/** What a duration looks like; also the pattern of the generated JSON Schema. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|min|ticks?)$/;

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
};

/**
 * The duration in whole nanoseconds.
 *
 * @param text as {@link DURATION_PATTERN} describes, or 0
 * @param hz clock ticks a second, for durations in ticks
 */
export function durationOf(text: string | number, hz: number): number {
  const match = DURATION_PATTERN.exec(String(text));
  if (match === null) return 0;
  const unitNs = UNIT_NS[match[2]!] ?? 1e9 / hz;
  return Math.round(Number(match[1]) * unitNs);
}
