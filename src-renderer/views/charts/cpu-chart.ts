/** How much of the CPUs' time was used: running, and spinning on top of it, of all that there is. */
import { bucketAt, stackedSteps } from '../../trace-data/chart-series.ts';
import { formatPercent } from '../../trace-data/format-time.ts';
import { cssOf, mixPacked, type ColourName } from '../../theme/theme-colours.ts';
import { frame, meets, POINT } from './chart-frame.ts';
import type { ChartModel, ChartSpec } from './chart-model.ts';

const LAYERS: readonly { readonly name: string; readonly colour: ColourName }[] = [
  { name: 'running', colour: 'st-run' },
  { name: 'spinning', colour: 'st-spin' },
];
/** Room above the line at 100 %. */
const TOP = 1.06;

export const cpuChart: ChartSpec = {
  name: 'cpu',
  title: 'CPU use',
  label: 'Use of all CPUs over time, running and spinning',
  needs: 'anything',
  // Buckets of two pixels: narrower ones flicker between none and all.
  detail: 0.5,
  legendAt: 'time',
  async ask(client, params, options, { trace }): Promise<ChartModel> {
    const use = await client.request('trace.cpuUse', params, options);
    const cpus = Math.max(1, trace.cpus.length);
    const capacityNs = use.bucketNs * cpus;
    const layers = stackedSteps(use, [use.runningNs, use.spinningNs], capacityNs);
    const spins = use.spinningNs.some((spentNs) => spentNs > 0);
    return {
      option: (range, _size, { css, packed }) => ({
        ...frame(range, TOP, 0),
        dataset: layers.map((source) => ({ source, dimensions: POINT })),
        series: layers.map((_, index) => ({
          type: 'line' as const,
          datasetIndex: index,
          step: 'end' as const,
          symbol: 'none',
          silent: true,
          z: layers.length - index,
          lineStyle: { color: css[LAYERS[index]!.colour], width: 1 },
          areaStyle: {
            color: cssOf(mixPacked(packed['bg-lane'], packed[LAYERS[index]!.colour], 0.55)),
            opacity: 1,
          },
        })),
      }),
      legend(timeNs) {
        const bucket = bucketAt(use, timeNs);
        const share = (column: Float64Array): number => (column[bucket] ?? 0) / capacityNs;
        // Not every source tells spinning from running.
        const shown = spins ? [use.runningNs, use.spinningNs] : [use.runningNs];
        return shown.map((column, index) => ({
          mark: { kind: 'square', colour: LAYERS[index]!.colour },
          text: LAYERS[index]!.name,
          value: formatPercent(share(column)),
          title: `${LAYERS[index]!.name}: ${(share(column) * cpus).toFixed(2)} of ${cpus} CPUs`,
        }));
      },
      guides: () => [{ at: 1 / TOP, text: cpus === 1 ? '1 CPU' : `all ${cpus} CPUs` }],
      table(range) {
        const rows: number[][] = [];
        for (let bucket = 0; bucket < use.buckets; bucket++) {
          const startNs = use.startNs + bucket * use.bucketNs;
          if (!meets(range, startNs, startNs + use.bucketNs)) continue;
          rows.push([startNs, use.bucketNs, use.runningNs[bucket]!, use.spinningNs[bucket]!]);
        }
        return { head: ['start_ns', 'length_ns', 'running_cpu_ns', 'spinning_cpu_ns'], rows };
      },
    };
  },
};
