/** Reads times that people typed. All values are nanoseconds. */
import type { Ns } from '#shared/base/brands.ts';
import { formatTime } from '../format-time.ts';

const NS_PER_S = 1e9;

/** A moment cut behind its milliseconds: `lead` is what a reader looks for, `rest` the precision behind it. */
export function clockParts(timeNs: Ns): { readonly lead: string; readonly rest: string } {
  const whole = formatTime(timeNs);
  const cut = whole.indexOf('.') + 4;
  return { lead: whole.slice(0, cut), rest: whole.slice(cut) };
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
  readonly cursorNs: Ns;
  readonly durationNs: Ns;
  /** Length of a clock tick; null where the trace has none. */
  readonly tickNs: Ns | null;
}

export type ParsedTime =
  { readonly ok: true; readonly timeNs: Ns } | { readonly ok: false; readonly message: string };

/**
 * Reads a time that was typed: seconds (`1.2334`), with a unit (`350 ms`, `12us`, `40 ticks`), a part
 * of the trace (`50 %`), or a distance from the cursor (`+5 ms`, `-2 ticks`). Spaces group digits.
 */
export function parseTime(text: string, context: TimeContext): ParsedTime {
  const match = /^([+-]?)\s*([\d\s\u2009\u00a0_]*[.,]?[\d\s\u2009\u00a0_]*?)\s*([a-zµμ%]*)$/iu.exec(
    text.trim(),
  );
  const digits = match?.[2]!.replace(/[\s\u2009\u00a0_]/gu, '').replace(',', '.') ?? '';
  if (match === null || !/\d/.test(digits)) {
    return fail('Enter a number of seconds, or a number with a unit: 1.2334, 350 ms, 40 ticks, +5 ms, 50 %');
  }
  const unit = match[3]!.toLowerCase();
  const perUnit = unitNs(unit, context);
  if (typeof perUnit === 'string') return fail(perUnit);
  const distance = Number(digits) * perUnit;
  const sign = match[1]!;
  const timeNs = sign === '' ? distance : context.cursorNs + (sign === '-' ? -distance : distance);
  if (timeNs < 0) return fail('That is before the start of the trace');
  if (timeNs > context.durationNs) {
    return fail(`The trace ends at ${formatTime(context.durationNs)} s`);
  }
  return { ok: true, timeNs: Math.round(timeNs) };
}

function unitNs(unit: string, context: TimeContext): Ns | string {
  if (unit === '') return NS_PER_S;
  if (unit === '%') return context.durationNs / 100;
  if (unit === 'tick' || unit === 'ticks') {
    return context.tickNs ?? 'This trace has no clock ticks';
  }
  return UNIT_NS[unit] ?? `"${unit}" is not a unit of time: use s, ms, us, ns, ticks or %`;
}

function fail(message: string): ParsedTime {
  return { ok: false, message };
}
