/** Where a time ruler puts its ticks, and how it labels them. */
import type { Ns } from '#shared/base/brands.ts';
import { decimalsForStep, formatCount, formatTime } from './format-time.ts';
import type { TimeRange } from './time-axis.ts';

export interface Tick {
  readonly timeNs: Ns;
  readonly major: boolean;
  /** Empty for minor ticks. */
  readonly label: string;
}

/**
 * How the ruler counts: seconds from the start of the trace, seconds from `originNs`, or clock ticks of
 * `tickNs` from the start.
 */
export type RulerScale =
  | { readonly kind: 'absolute' }
  | { readonly kind: 'relative'; readonly originNs: Ns }
  | { readonly kind: 'ticks'; readonly tickNs: Ns };

/** Room for one label of any zoom level, in CSS pixels: `12.345 678 901 s` at 11 px. */
const LABEL_PX = 104;
const MINOR_PX = 9;

/** The smallest of 1, 2, 5, 10, 20, 50 ... that is at least `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, Number.MIN_VALUE)));
  for (const factor of [1, 2, 5, 10]) if (factor * power >= least * (1 - 1e-12)) return factor * power;
  return 10 * power;
}

/** Steps between the minor ticks of a major step: a tenth, a fifth or a half, whichever leaves room. */
function minorStep(major: number, nsPerPx: number): number {
  for (const parts of [10, 5, 2])
    if (major / parts >= MINOR_PX * nsPerPx && major / parts >= 1) return major / parts;
  return major;
}

/** Ticks within `range` on an axis `widthPx` wide, in order of time. */
export function timeTicks(range: TimeRange, widthPx: number, scale: RulerScale): Tick[] {
  const nsPerPx = (range.endNs - range.startNs) / Math.max(widthPx, 1);
  const unit = scale.kind === 'ticks' ? scale.tickNs : 1;
  const origin = scale.kind === 'relative' ? scale.originNs : 0;
  // A step below one nanosecond would put a tick where no row can be.
  const major = Math.max(niceStep((LABEL_PX * nsPerPx) / unit) * unit, 1);
  const minor = minorStep(major, nsPerPx);
  const perMajor = Math.round(major / minor);
  const ticks: Tick[] = [];
  // Counted in whole steps from the origin, so that no rounding error adds up.
  const first = Math.ceil((range.startNs - origin) / minor - 1e-9);
  const last = Math.floor((range.endNs - origin) / minor + 1e-9);
  for (let i = first; i <= last; i++) {
    const isMajor = i % perMajor === 0;
    const timeNs = origin + (isMajor ? (i / perMajor) * major : i * minor);
    ticks.push({ timeNs, major: isMajor, label: isMajor ? tickLabel(timeNs - origin, major, scale) : '' });
  }
  return ticks;
}

function tickLabel(sinceOrigin: number, step: number, scale: RulerScale): string {
  if (scale.kind === 'ticks') {
    const ticks = sinceOrigin / scale.tickNs;
    const decimals = Math.max(0, Math.ceil(-Math.log10(step / scale.tickNs) - 1e-9));
    return decimals === 0 ? formatCount(ticks) : ticks.toFixed(Math.min(decimals, 6));
  }
  // Three decimals at a time read best; a whole second needs none.
  const decimals = Math.min(9, Math.ceil(decimalsForStep(step) / 3) * 3);
  const text = formatTime(Math.round(sinceOrigin), decimals);
  return scale.kind === 'relative' && sinceOrigin > 0 ? `+${text}` : text;
}
