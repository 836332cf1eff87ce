/** What ECharts is told for each of the three charts. Pure: data and colours in, options out. */
import type { CountMatrix, SlotOccupancyColumns } from '#shared/api/contract.ts';
import { DECISION } from '#shared/model/enums.ts';
import { DECISION_ORDER } from '#renderer/trace-data/decode/decisions.ts';
import { heatSeries, MARKS_UP_TO, outcomeSeries, slotSeries } from '#renderer/trace-data/chart-series.ts';
import type { TimeRange } from '#renderer/trace-data/time-axis.ts';
import { outcomeColour } from '../timeline/glyphs.ts';
import { cssOf, mixPacked, type ColourName, type Palette } from '../timeline/palette.ts';
import type { ChartOption } from './echarts.ts';

const POINT = ['time', 'value'];

/** Axes that fill the box and show nothing: the ruler is the axis. */
function frame(range: TimeRange, yMost: number, top: number, bottom = 0): ChartOption {
  return {
    animation: false,
    grid: { left: 0, right: 0, top, bottom },
    xAxis: { type: 'value', min: range.startNs, max: range.endNs, show: false },
    yAxis: { type: 'value', min: 0, max: yMost, show: false },
  };
}

const page = (index: number): ColourName => (index % 2 === 0 ? 'p0' : 'p1');
/** Colour of a page, by its place in the stack. */
export const pageColour = page;

/** Used slots over time, page on page. */
export function slotOption(
  columns: SlotOccupancyColumns,
  range: TimeRange,
  { css, packed }: Palette,
): ChartOption {
  const { series, most } = slotSeries(columns, range.endNs);
  return {
    ...frame(range, Math.max(1, most * 1.1), 4),
    dataset: series.map(({ points }) => ({ source: points, dimensions: POINT })),
    // The top of the stack first: each lower one is painted over it.
    series: series
      .map((_, index) => ({
        type: 'line' as const,
        datasetIndex: index,
        step: 'end' as const,
        symbol: 'none',
        silent: true,
        z: series.length - index,
        lineStyle: { color: css[page(index)], width: 1.5 },
        // Mixed beforehand and opaque, or the page behind would shine through.
        areaStyle: { color: cssOf(mixPacked(packed['bg-lane'], packed[page(index)], 0.45)), opacity: 1 },
      }))
      .reverse(),
  };
}

const HEAT: readonly ColourName[] = ['heat-1', 'heat-2', 'heat-3', 'heat-4'];

/** Updates of sc_cpu, a row for each CPU, CPU 0 on top. @param boxPx size of the whole chart */
export function heatOption(
  matrix: CountMatrix,
  range: TimeRange,
  boxPx: Size,
  { css }: Palette,
): ChartOption {
  const { levels } = heatSeries(matrix);
  const rows = Math.max(1, matrix.rows.length);
  const pxPerNs = boxPx.width / (range.endNs - range.startNs);
  const cell = [
    Math.max(1, matrix.bucketNs * pxPerNs),
    Math.max(1, (boxPx.height - 4) / rows - (rows > 12 ? 0 : 1)),
  ];
  const base = frame(range, rows - 0.5, 2, 2);
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
export interface Size {
  readonly width: number;
  readonly height: number;
}

const SYMBOLS: Readonly<Record<number, string>> = {
  [DECISION.deferredAtTick]: 'circle',
  [DECISION.deferredAtPreempt]: 'rect',
  [DECISION.yielded]: 'path://M-5 -4.500 5 -4.500 0 5Z',
  [DECISION.failsafe]: 'diamond',
  [DECISION.forced]:
    'path://M-4.800 -3.200 -3.200 -4.800 0 -1.600 3.200 -4.800 4.800 -3.200 1.600 0 4.800 3.200 3.200 4.800 0 1.600 -3.200 4.800 -4.800 3.200 -1.600 0Z',
  [DECISION.updateSkipped]: 'path://M-5 -1 5 -1 5 1 -5 1Z',
};
const HOLLOW: ReadonlySet<number> = new Set([DECISION.deferredAtTick, DECISION.deferredAtPreempt]);
const MARK_PX = 9;
const HOLLOW_PX = 7;

/** Decisions over time by outcome: marks while they can be told apart, else stacked steps. */
export function outcomeOption(matrix: CountMatrix, range: TimeRange, { css }: Palette): ChartOption {
  const { series, most, asMarks } = outcomeSeries(matrix, DECISION_ORDER);
  if (asMarks) {
    return {
      ...frame(range, MARKS_UP_TO, 2, 2),
      dataset: series.map(({ marks }) => ({ source: marks, dimensions: POINT })),
      series: series.map(({ outcome }, index) => ({
        type: 'scatter' as const,
        datasetIndex: index,
        symbol: SYMBOLS[outcome] ?? 'circle',
        symbolSize: HOLLOW.has(outcome)
          ? HOLLOW_PX
          : outcome === DECISION.updateSkipped
            ? [MARK_PX, 3]
            : MARK_PX,
        silent: true,
        itemStyle: HOLLOW.has(outcome)
          ? { color: css['bg-lane'], borderColor: css[outcomeColour(outcome)], borderWidth: 1.7, opacity: 1 }
          : { color: css[outcomeColour(outcome)], opacity: 1 },
      })),
    };
  }
  return {
    ...frame(range, most * 1.05, 3),
    dataset: series.map(({ steps }) => ({ source: steps, dimensions: POINT })),
    series: series.map(({ outcome }, index) => ({
      type: 'line' as const,
      datasetIndex: index,
      step: 'end' as const,
      symbol: 'none',
      silent: true,
      z: series.length - index,
      lineStyle: { width: 0 },
      areaStyle: { color: css[outcomeColour(outcome)], opacity: 1 },
    })),
  };
}
