/** The parts of ECharts that the charts use, and no more: the whole library is five times as large. */
import { LineChart, ScatterChart, type LineSeriesOption, type ScatterSeriesOption } from 'echarts/charts';
import {
  DatasetComponent,
  GridComponent,
  type DatasetComponentOption,
  type GridComponentOption,
} from 'echarts/components';
import { init, use, type ComposeOption, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([LineChart, ScatterChart, DatasetComponent, GridComponent, CanvasRenderer]);

export type ChartOption = ComposeOption<
  LineSeriesOption | ScatterSeriesOption | DatasetComponentOption | GridComponentOption
>;
export type Chart = EChartsType;

/** An empty chart in `element`. */
export function createChart(element: HTMLElement): Chart {
  return init(element, undefined, { renderer: 'canvas' });
}
