/** How findings say quantities. */
import type { Ns } from '#shared/base/brands.ts';

/** A time in the unit that suits it, with three digits: 12.5 ms. */
export function durationText(ns: Ns): string {
  for (const [unit, size] of [
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
  ] as const) {
    if (Math.abs(ns) >= size * 0.9995) return `${Number((ns / size).toPrecision(3))} ${unit}`;
  }
  return `${Math.round(ns)} ns`;
}

/** "1 thread", "3 threads". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
