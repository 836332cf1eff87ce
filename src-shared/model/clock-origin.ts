/**
 * The moment at which a trace begins, on the clock of its source: what joins it with other records of the
 * same run. Nanoseconds of a machine that has been up for 104 days are more than a number holds exactly, so
 * a moment is kept in two parts.
 */

const CLOCK_UNITS = ['second', 'microsecond', 'nanosecond', 'unknown'] as const;
export type ClockUnit = (typeof CLOCK_UNITS)[number];

export const isClockUnit = (value: unknown): value is ClockUnit => CLOCK_UNITS.some((unit) => unit === value);

const NS_PER_UNIT: Readonly<Record<Exclude<ClockUnit, 'unknown'>, bigint>> = {
  second: 1_000_000_000n,
  microsecond: 1_000n,
  nanosecond: 1n,
};

/** A stamp as it is written, with up to nine decimals, as whole nanoseconds. Null for one that is no number. */
function stampToNs(stamp: string, unit: Exclude<ClockUnit, 'unknown'>): bigint | null {
  const match = /^(-?)(\d{1,20})(?:\.(\d{1,9}))?$/.exec(stamp);
  if (match === null) return null;
  const perUnit = NS_PER_UNIT[unit];
  const fraction = BigInt((match[3] ?? '').padEnd(9, '0'));
  const ns = BigInt(match[2]!) * perUnit + (fraction * perUnit) / 1_000_000_000n;
  return match[1] === '-' ? -ns : ns;
}

/**
 * Nanoseconds on the clock of the source at time 0 of a trace; 0 for the emulator, which has no other clock.
 * Null where its unit is not known.
 */
export function originNs(meta: {
  readonly clockUnit: ClockUnit;
  readonly clockOrigin: string | null;
}): bigint | null {
  if (meta.clockUnit === 'unknown') return null;
  return meta.clockOrigin === null ? 0n : stampToNs(meta.clockOrigin, meta.clockUnit);
}
