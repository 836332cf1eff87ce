/** The parts of ECharts that the charts use, and no more: the whole library is five times as large. */
import { LineChart, ScatterChart, type LineSeriesOption, type ScatterSeriesOption } from 'echarts/charts';
import {
  DatasetComponent,
  GridComponent,
  TitleComponent,
  type DatasetComponentOption,
  type GridComponentOption,
  type TitleComponentOption,
} from 'echarts/components';
import { init, use, type ComposeOption, type EChartsType } from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

use([LineChart, ScatterChart, DatasetComponent, GridComponent, TitleComponent, CanvasRenderer, SVGRenderer]);

export type ChartOption = ComposeOption<
  LineSeriesOption | ScatterSeriesOption | DatasetComponentOption | GridComponentOption | TitleComponentOption
>;
export type Chart = EChartsType;

/** An empty chart in `element`. */
export function createChart(element: HTMLElement): Chart {
  return init(element, undefined, { renderer: 'canvas' });
}

interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A chart as the text of an SVG file. */
export function chartAsSvg(option: ChartOption, { width, height }: PictureSize): string {
  const chart = init(null, undefined, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** A chart as a picture, `scale` pixels of it for each pixel of the size. */
export async function chartAsPng(
  option: ChartOption,
  { width, height }: PictureSize,
  scale: number,
): Promise<Blob> {
  const host = document.createElement('div');
  const chart = init(host, undefined, { renderer: 'canvas', width, height, devicePixelRatio: scale });
  try {
    chart.setOption(option);
    const canvas = chart.renderToCanvas({ pixelRatio: scale });
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) =>
        blob === null ? reject(new Error('the browser did not render the picture')) : resolve(blob),
      );
    });
  } finally {
    chart.dispose();
  }
}
