/** Waits of a list from a moment on. */
import type { Ns } from '#shared/base/brands.ts';
import type { KeptWaits } from '../track/kept-hold.ts';

export function clippedWaits({ length, lwp, startNs, endNs, spinNs }: KeptWaits, fromNs: Ns): KeptWaits {
  const rows = Array.from({ length }, (_, at) => at).filter((at) => endNs[at]! > fromNs);
  const starts = rows.map((at) => Math.max(fromNs, startNs[at]!));
  return {
    length: rows.length,
    lwp: rows.map((at) => lwp[at]!),
    startNs: starts,
    endNs: rows.map((at) => endNs[at]!),
    spinNs: rows.map((at, row) => (spinNs[at]! * (endNs[at]! - starts[row]!)) / (endNs[at]! - startNs[at]!)),
  };
}
