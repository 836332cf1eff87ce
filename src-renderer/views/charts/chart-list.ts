/** The charts in the order in which they stand, and which are shown to begin with. */
import type { CommandId } from '#shared/api/commands.ts';
import type { TraceSummary } from '#shared/api/contract.ts';
import { isEmulated } from '../../trace-data/decode/source-text.ts';
import type { Density } from '../../theme/appearance.ts';
import type { ChartName, ChartSpec } from './chart-model.ts';
import { cpuChart } from './cpu-chart.ts';
import { decisionsChart } from './decisions-chart.ts';
import { queuesChart } from './queues-chart.ts';
import { slotsChart } from './slots-chart.ts';
import { updatesChart } from './updates-chart.ts';

export const CHARTS: readonly ChartSpec[] = [cpuChart, queuesChart, slotsChart, updatesChart, decisionsChart];

export const CHART_COMMANDS: Readonly<Record<ChartName, CommandId>> = {
  cpu: 'chart.cpu',
  queues: 'chart.queues',
  slots: 'chart.slots',
  updates: 'chart.updates',
  decisions: 'chart.decisions',
};

/** Whether the trace has what the chart shows. */
export function hasChart(trace: TraceSummary, { needs }: ChartSpec): boolean {
  return needs === 'schedctl' ? trace.hasSchedctl : needs === 'kernel' ? isEmulated(trace) : true;
}

/** Whether a chart is shown until the reader says otherwise. Where the window is low, lanes need the room more. */
export function isShownFirst(trace: TraceSummary, name: ChartName, density: Density): boolean {
  if (!trace.hasSchedctl) return name === 'cpu';
  if (density === 'compact') return name === 'decisions';
  return name === 'slots' || name === 'updates' || name === 'decisions';
}
