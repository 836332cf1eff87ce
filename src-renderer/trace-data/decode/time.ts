/** Times as people write and read them. All values are nanoseconds. */

const THIN_SPACE = '\u2009';
const NS_PER_S = 1e9;

/** Thousands apart by thin spaces: 67 049. */
export function groupDigits(value: number): string {
  const digits = String(Math.abs(Math.round(value)));
  const grouped = digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN_SPACE);
  return value < 0 ? `-${grouped}` : grouped;
}

/**
 * A point in time in seconds with all nine decimals in groups of three: `1.233 412 600`.
 * `lead` is what a reader needs to find it, `rest` the precision behind it; together they are the whole.
 */
export function clockParts(timeNs: number): { readonly lead: string; readonly rest: string } {
  const whole = Math.round(timeNs);
  const seconds = Math.floor(whole / NS_PER_S);
  const fraction = String(whole - seconds * NS_PER_S).padStart(9, '0');
  return {
    lead: `${groupDigits(seconds)}.${fraction.slice(0, 3)}`,
    rest: `${THIN_SPACE}${fraction.slice(3, 6)}${THIN_SPACE}${fraction.slice(6)}`,
  };
}

export function formatClock(timeNs: number): string {
  const { lead, rest } = clockParts(timeNs);
  return lead + rest;
}

const UNITS: readonly (readonly [limitNs: number, perUnit: number, unit: string])[] = [
  [1e3, 1, 'ns'],
  [1e6, 1e3, 'µs'],
  [1e9, 1e6, 'ms'],
  [Infinity, 1e9, 's'],
];

/** A length of time with three significant digits and its unit: `3.41 ms`, `960 ns`, `0 ns`. */
export function formatSpan(spanNs: number): string {
  const size = Math.abs(spanNs);
  // 999 600 ns is 1.00 ms, not 1000 µs: the unit is chosen after rounding to three digits.
  const rounded = size === 0 ? 0 : Number(size.toPrecision(3));
  const [, perUnit, unit] = UNITS.find(([limit]) => rounded < limit)!;
  const value = rounded / perUnit;
  const decimals = perUnit === 1 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0;
  const sign = spanNs < 0 ? '-' : '';
  return `${sign}${value < 1000 ? value.toFixed(decimals) : groupDigits(value)}\u00a0${unit}`;
}

const UNIT_NS: Readonly<Record<string, number>> = {
  s: 1e9,
  sec: 1e9,
  ms: 1e6,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ns: 1,
};

export interface TimeContext {
  readonly cursorNs: number;
  readonly durationNs: number;
  /** Length of a clock tick; null where the trace has none. */
  readonly tickNs: number | null;
}

export type ParsedTime =
  { readonly ok: true; readonly timeNs: number } | { readonly ok: false; readonly message: string };

/**
 * Reads a time that somebody typed: seconds (`1.2334`), with a unit (`350 ms`, `12us`, `40 ticks`), a part
 * of the trace (`50 %`), or a distance from the cursor (`+5 ms`, `-2 ticks`). Spaces group digits.
 */
export function parseTime(text: string, context: TimeContext): ParsedTime {
  const match = /^([+-]?)\s*([\d\s\u2009\u00a0_]*[.,]?[\d\s\u2009\u00a0_]*?)\s*([a-zµμ%]*)$/iu.exec(
    text.trim(),
  );
  const digits = match?.[2]!.replace(/[\s\u2009\u00a0_]/gu, '').replace(',', '.') ?? '';
  if (match === null || !/\d/.test(digits)) {
    return fail(
      'A time is a number, with a unit if it is not seconds: 1.2334, 350 ms, 40 ticks, +5 ms, 50 %',
    );
  }
  const unit = match[3]!.toLowerCase();
  const perUnit = unitNs(unit, context);
  if (typeof perUnit === 'string') return fail(perUnit);
  const distance = Number(digits) * perUnit;
  const sign = match[1]!;
  const timeNs = sign === '' ? distance : context.cursorNs + (sign === '-' ? -distance : distance);
  if (timeNs < 0) return fail('That is before the start of the trace');
  if (timeNs > context.durationNs) {
    return fail(`The trace ends at ${formatClock(context.durationNs)} s`);
  }
  return { ok: true, timeNs: Math.round(timeNs) };
}

function unitNs(unit: string, context: TimeContext): number | string {
  if (unit === '') return NS_PER_S;
  if (unit === '%') return context.durationNs / 100;
  if (unit === 'tick' || unit === 'ticks') {
    return context.tickNs ?? 'This trace has no clock ticks';
  }
  return UNIT_NS[unit] ?? `"${unit}" is no unit of time; s, ms, us, ns, ticks and % are`;
}

function fail(message: string): ParsedTime {
  return { ok: false, message };
}
