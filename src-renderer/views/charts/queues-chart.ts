/** Run-queue lengths: a heat map of the longest that each CPU's queue was. */
import { foldRows, heatSeries, longestIn, valuesAt } from '../../trace-data/chart-series.ts';
import { meets } from './chart-frame.ts';
import type { ChartModel, ChartSpec } from './chart-model.ts';
import { heatOption, rowsFolded } from './heat-map.ts';

/** CPUs that one request takes. */
const CPUS_MOST = 512;
/** Width of a cell. */
const CELL_PX = 5;

export const queuesChart: ChartSpec = {
  name: 'queues',
  title: 'Run queues',
  label: 'Length of the run queues over time, a row for each CPU',
  needs: 'kernel',
  detail: 1,
  legendAt: 'time',
  async ask(client, params, options, { trace }): Promise<ChartModel> {
    const cpus = trace.cpus.slice(0, CPUS_MOST).map(({ id }) => id);
    const columns = await client.request('trace.queueLengths', { ...params, cpus }, options);
    const buckets = Math.max(1, Math.ceil(params.pixels / CELL_PX));
    const matrix = longestIn(columns, cpus, params, buckets);
    const { most } = heatSeries(matrix);
    return {
      option: (range, size, theme) =>
        heatOption(foldRows(matrix, rowsFolded(cpus.length, size.height), 'most'), range, size, theme),
      legend(timeNs) {
        const lengths = valuesAt(columns, timeNs);
        const sum = lengths.reduce((total, length) => total + length, 0);
        const longest = Math.max(0, ...lengths);
        const where = cpus[lengths.indexOf(longest)];
        return [
          { mark: { kind: 'ramp' }, text: `0 to ${most}`, value: '', title: `From none to ${most} waiting` },
          {
            mark: null,
            text: 'waiting',
            value: String(sum),
            title:
              sum === 0 ? 'Nothing waits for a CPU' : `${sum} waiting, most (${longest}) for CPU ${where}`,
          },
        ];
      },
      guides: () => [],
      table(range) {
        const rows: number[][] = [];
        cpus.forEach((cpu, index) => {
          for (let row = columns.cpuOffset[index]!; row < columns.cpuOffset[index + 1]!; row++) {
            const isLast = row + 1 === columns.cpuOffset[index + 1];
            const untilNs = isLast ? Infinity : columns.timeNs[row + 1]!;
            if (!meets(range, columns.timeNs[row]!, untilNs)) continue;
            rows.push([Math.max(range.startNs, columns.timeNs[row]!), cpu, columns.length[row]!]);
          }
        });
        return { head: ['time_ns', 'cpu', 'waiting'], rows };
      },
    };
  },
};
