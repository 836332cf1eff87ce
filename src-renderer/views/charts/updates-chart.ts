/** Stores into sc_cpu: a heat map of how many there were on each CPU. */
import { foldRows, heatSeries } from '../../trace-data/chart-series.ts';
import { formatDuration } from '../../trace-data/format-time.ts';
import { meets } from './chart-frame.ts';
import type { ChartModel, ChartSpec } from './chart-model.ts';
import { heatOption, rowsFolded, rowsText } from './heat-map.ts';

export const updatesChart: ChartSpec = {
  name: 'updates',
  title: 'sc_cpu updates',
  linuxTitle: 'cpu_id updates',
  isKernelName: true,
  label: 'Updates of sc_cpu over time, a row for each CPU',
  needs: 'schedctl',
  // Buckets of five pixels: a cell must be wide enough to be seen.
  detail: 0.2,
  legendAt: 'view',
  async ask(client, params, options): Promise<ChartModel> {
    const matrix = await client.request('trace.cpuUpdates', params, options);
    const { most } = heatSeries(matrix);
    return {
      option: (range, size, theme) =>
        heatOption(foldRows(matrix, rowsFolded(matrix.rows.length, size.height), 'sum'), range, size, theme),
      legend: (_timeNs, _range, plotPx) => [
        {
          mark: { kind: 'ramp' },
          text: most === 0 ? 'none' : `0 to ${most} in ${formatDuration(matrix.bucketNs)}`,
          value: '',
          title: `${rowsText(matrix.rows, plotPx)}: 0 to ${most} stores in ${formatDuration(matrix.bucketNs)}`,
        },
      ],
      guides: () => [],
      table(range) {
        const rows: number[][] = [];
        for (let row = 0; row < matrix.rows.length; row++) {
          for (let bucket = 0; bucket < matrix.buckets; bucket++) {
            const startNs = matrix.startNs + bucket * matrix.bucketNs;
            if (!meets(range, startNs, startNs + matrix.bucketNs)) continue;
            rows.push([
              startNs,
              matrix.bucketNs,
              matrix.rows[row]!,
              matrix.counts[row * matrix.buckets + bucket]!,
            ]);
          }
        }
        return { head: ['start_ns', 'length_ns', 'cpu', 'stores'], rows };
      },
    };
  },
};
