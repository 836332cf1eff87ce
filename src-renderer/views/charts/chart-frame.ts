/** What the options of all charts share. */
import type { TimeRange } from '../../trace-data/time-axis.ts';
import type { ColourName } from '../../theme/theme-colours.ts';
import type { ChartOption } from './echarts.ts';

/** Names of the two columns of a flat array of points. */
export const POINT = ['time', 'value'];

/** Axes that fill the box and show nothing: the ruler is the axis. */
export function frame(range: TimeRange, yMost: number, top: number, bottom = 0): ChartOption {
  return {
    animation: false,
    grid: { left: 0, right: 0, top, bottom },
    xAxis: { type: 'value', min: range.startNs, max: range.endNs, show: false },
    yAxis: { type: 'value', min: 0, max: yMost, show: false },
  };
}

/** Whether the two ranges have a moment in common. */
export const meets = (range: TimeRange, startNs: number, endNs: number): boolean =>
  startNs < range.endNs && endNs > range.startNs;

export const HEAT: readonly ColourName[] = ['heat-1', 'heat-2', 'heat-3', 'heat-4'];
