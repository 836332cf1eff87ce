/** What of the time axis is in view: all that a picture needs to know where a moment stands. */
import type { TimeRange } from '../../trace-data/time-axis.ts';

export interface AxisView {
  readonly range: TimeRange;
  /** Width in CSS pixels. */
  readonly widthPx: number;
}
