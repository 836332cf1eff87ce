/** A chart as a file: a picture that stands for itself (title, axes, legend), or its data. */
import { saveBlob, saveText } from '../../stores/save-file.ts';
import { formatTime } from '../../trace-data/format-time.ts';
import { toCsv } from '../../trace-data/table-text.ts';
import { spanOf, type TimeRange } from '../../trace-data/time-axis.ts';
import { decimalsForStep } from '../../trace-data/format-time.ts';
import type { ThemeColours } from '../../theme/theme-colours.ts';
import type { ChartModel, ChartSpec } from './chart-model.ts';
import { chartAsPng, chartAsSvg, type ChartOption } from './echarts.ts';

export const EXPORT_FORMATS = ['PNG', 'SVG', 'CSV'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const SIZE = { width: 1200, height: 400 } as const;
const MARGIN = { left: 56, right: 24, top: 64, bottom: 40 } as const;
/** Pixels of a PNG for each of the picture: sharp on paper and on dense screens. */
const PNG_SCALE = 2;
const TICKS = 10;

export interface ExportSubject {
  readonly spec: ChartSpec;
  readonly model: ChartModel;
  /** The visible range: what the file shows. */
  readonly range: TimeRange;
  readonly cursorNs: number;
  readonly theme: ThemeColours;
  /** Name of the trace's file. */
  readonly fileName: string;
}

/** Makes the file and gives it to the reader. */
export async function exportChart(format: ExportFormat, subject: ExportSubject): Promise<void> {
  const { spec, model, range, fileName } = subject;
  const name = `${fileName.replace(/\.sctrace(\.part)?$/, '')} ${spec.title}.${format.toLowerCase()}`;
  switch (format) {
    case 'CSV':
      return saveText(name, toCsv(model.table(range)), 'text/csv');
    case 'SVG':
      return saveText(name, chartAsSvg(pictureOption(subject), SIZE), 'image/svg+xml');
    case 'PNG':
      return saveBlob(name, await chartAsPng(pictureOption(subject), SIZE, PNG_SCALE));
  }
}

/** The chart's own option with axes, title and legend around it. */
function pictureOption({ spec, model, range, cursorNs, theme, fileName }: ExportSubject): ChartOption {
  const plot = {
    width: SIZE.width - MARGIN.left - MARGIN.right,
    height: SIZE.height - MARGIN.top - MARGIN.bottom,
  };
  const option = model.option(range, plot, theme);
  const { css, font } = theme;
  const text = { color: css['text-2'], fontFamily: font, fontSize: 12 };
  const axis = {
    show: true,
    axisLine: { show: true, lineStyle: { color: css['line-3'] } },
    axisLabel: text,
    splitLine: { show: true, lineStyle: { color: css['line-1'] } },
  };
  const decimals = decimalsForStep(spanOf(range) / TICKS);
  const legend = model
    .legend(cursorNs, range, plot.height)
    .map((entry) => entry.title)
    .join(' · ');
  const at = spec.legendAt === 'time' ? ` at ${formatTime(cursorNs)} s: ` : ': ';
  const series = [option.series ?? []].flat().map((each) => ({
    ...each,
    // Drawn in one go: a file has no further frames.
    progressive: 0,
    ...(each.type === 'scatter' ? { large: false } : {}),
  }));
  return {
    ...option,
    backgroundColor: css['bg-lane'],
    textStyle: text,
    title: {
      text: `${spec.title}, ${fileName}`,
      subtext: `${formatTime(range.startNs)} to ${formatTime(range.endNs)} s${legend === '' ? '' : at + legend}`,
      left: MARGIN.left,
      top: 12,
      itemGap: 6,
      textStyle: { ...text, color: css['text-1'], fontSize: 15, fontWeight: 600 },
      subtextStyle: text,
    },
    grid: MARGIN,
    xAxis: {
      type: 'value',
      min: range.startNs,
      max: range.endNs,
      ...axis,
      splitNumber: TICKS,
      axisLabel: { ...text, formatter: (timeNs: number) => `${formatTime(timeNs, decimals)} s` },
    },
    yAxis: { ...option.yAxis, ...axis, minInterval: spec.name === 'cpu' ? 0 : 1 },
    series,
  };
}
