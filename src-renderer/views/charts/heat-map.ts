/** Heat maps: a row for each CPU, or for several neighbours where there are many, CPU 0 on top. */
import type { CountMatrix } from '#shared/api/contract.ts';
import { heatSeries } from '../../trace-data/chart-series.ts';
import type { TimeRange } from '../../trace-data/time-axis.ts';
import type { ThemeColours } from '../../theme/theme-colours.ts';
import { frame, HEAT, POINT } from './chart-frame.ts';
import type { Size } from './chart-model.ts';
import type { ChartOption } from './echarts.ts';

/** Rows lower than this cannot be told apart. */
const ROW_PX = 3;
/** Above and below the rows. */
const MARGIN_PX = 2;

/** CPUs that share a row on a plot of this height. */
export const rowsFolded = (cpus: number, heightPx: number): number =>
  Math.max(1, Math.ceil(cpus / Math.max(1, Math.floor((heightPx - 2 * MARGIN_PX) / ROW_PX))));

/** "CPU 0–63 ↓, 4 a row": which rows stand on each other, from the top. */
export function rowsText(cpus: readonly number[], heightPx: number): string {
  if (cpus.length === 0) return 'no CPU';
  const folded = rowsFolded(cpus.length, heightPx);
  const all = cpus.length === 1 ? `CPU ${cpus[0]}` : `CPU ${cpus[0]}–${cpus.at(-1)} ↓`;
  return folded === 1 ? all : `${all}, ${folded} a row`;
}

export function heatOption(
  matrix: CountMatrix,
  range: TimeRange,
  size: Size,
  { css }: ThemeColours,
): ChartOption {
  const { levels } = heatSeries(matrix);
  const rows = Math.max(1, matrix.rows.length);
  const pxPerNs = size.width / (range.endNs - range.startNs);
  const rowPx = (size.height - 2 * MARGIN_PX) / rows;
  const cell = [Math.max(1, matrix.bucketNs * pxPerNs), Math.max(1, rowPx - (rowPx > 4 ? 1 : 0))];
  const base = frame(range, rows - 0.5, MARGIN_PX, MARGIN_PX);
  return {
    ...base,
    yAxis: { type: 'value', min: -0.5, max: rows - 0.5, inverse: true, show: false },
    dataset: levels.map((source) => ({ source, dimensions: POINT })),
    series: levels.map((_, level) => ({
      type: 'scatter' as const,
      datasetIndex: level,
      symbol: 'rect',
      symbolSize: cell,
      silent: true,
      // One path for all cells of a level, instead of an object for each.
      large: true,
      largeThreshold: 1,
      itemStyle: { color: css[HEAT[level]!], opacity: 1 },
    })),
  };
}
