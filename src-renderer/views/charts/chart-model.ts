/** What a chart is: its name, what it asks the service for, and what it makes of the answer. */
import type { TraceSummary, WorkbenchClient } from '#shared/api/contract.ts';
import type { GlyphShape } from '../../trace-data/decode/decisions.ts';
import type { NameTable } from '../../trace-data/decode/names.ts';
import type { PlainTable } from '../../trace-data/table-text.ts';
import type { TimeRange } from '../../trace-data/time-axis.ts';
import type { WindowRequest } from '../../trace-data/window-query.ts';
import type { ColourName, ThemeColours } from '../../theme/theme-colours.ts';
import type { ChartOption } from './echarts.ts';

export type ChartName = 'cpu' | 'queues' | 'slots' | 'updates' | 'decisions';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** One entry of a legend: what a colour or mark stands for, with its value. */
export interface LegendEntry {
  readonly mark:
    | { readonly kind: 'square'; readonly colour: ColourName }
    | { readonly kind: 'glyph'; readonly shape: GlyphShape; readonly token: string }
    | { readonly kind: 'ramp' }
    | null;
  readonly text: string;
  readonly value: string;
  /** The same in a sentence, for a tooltip and a screen reader. */
  readonly title: string;
}

/** A line across a chart with what it stands for. */
export interface Guide {
  /** Height as a part of the plot, from its bottom. */
  readonly at: number;
  readonly text: string;
}

/** A chart's answer for a range of the trace. Holds columns: never made reactive inside. */
export interface ChartModel {
  /** What ECharts is told for this range on a picture of this size. Axes fill the box and show nothing. */
  option(range: TimeRange, size: Size, theme: ThemeColours): ChartOption;
  /** Values at a time, or sums of the visible time range: see {@link ChartSpec.legendAt}. */
  legend(timeNs: number, range: TimeRange, plotPx: number): readonly LegendEntry[];
  guides(): readonly Guide[];
  /** The data of a range, for other programs. */
  table(range: TimeRange): PlainTable;
}

export interface ChartContext {
  readonly trace: TraceSummary;
  readonly names: NameTable;
  /** One of the spec's {@link ChartSpec.modes}; '' where it has none. */
  readonly mode: string;
}

export interface ChartSpec {
  readonly name: ChartName;
  readonly title: string;
  /** Of a Linux trace, where that has another name for it. */
  readonly linuxTitle?: string;
  /** Whether the title is a kernel name. */
  readonly isKernelName?: true;
  /** What a screen reader says of the picture. */
  readonly label: string;
  /** What a trace must have for it. */
  readonly needs: 'anything' | 'kernel' | 'schedctl';
  /** Data points for each pixel of the screen. */
  readonly detail: number;
  readonly legendAt: 'time' | 'view';
  /** Ways to look at it, the first to begin with. */
  readonly modes?: readonly { readonly id: string; readonly title: string }[];
  ask(
    client: WorkbenchClient,
    params: WindowRequest & { readonly traceId: string },
    options: { readonly signal: AbortSignal },
    context: ChartContext,
  ): Promise<ChartModel>;
}

/** Title of a chart in a trace. */
export const chartTitle = (spec: ChartSpec, isLinux: boolean): string =>
  (isLinux ? spec.linuxTitle : undefined) ?? spec.title;
