/** Decisions of preemption control by outcome: marks while they can be told apart, else stacked steps. */
import { DECISION } from '#shared/model/enums.ts';
import { countsInRange, MARKS_UP_TO, outcomeSeries } from '../../trace-data/chart-series.ts';
import { DECISION_LOOKS, DECISION_ORDER, outcomeName } from '../../trace-data/decode/decisions.ts';
import { formatCount, formatCountShort } from '../../trace-data/format-time.ts';
import { outcomeColour } from '../../widgets/decision-glyphs.ts';
import { frame, meets, POINT } from './chart-frame.ts';
import type { ChartModel, ChartSpec } from './chart-model.ts';

const SYMBOLS: Readonly<Record<number, string>> = {
  [DECISION.deferredAtTick]: 'circle',
  [DECISION.deferredAtPreempt]: 'rect',
  [DECISION.yielded]: 'path://M-5 -4.500 5 -4.500 0 5Z',
  [DECISION.failsafe]: 'diamond',
  [DECISION.forced]:
    'path://M-4.800 -3.200 -3.200 -4.800 0 -1.600 3.200 -4.800 4.800 -3.200 1.600 0 4.800 3.200 3.200 4.800 0 1.600 -3.200 4.800 -4.800 3.200 -1.600 0Z',
  [DECISION.updateSkipped]: 'circle',
  [DECISION.aborted]: 'path://M-5 -4.500 5 -4.500 0 5Z',
  [DECISION.endedByCall]: 'path://M-5 -4.500 5 -4.500 0 5Z',
};
const HOLLOW: ReadonlySet<number> = new Set([
  DECISION.deferredAtTick,
  DECISION.deferredAtPreempt,
  DECISION.updateSkipped,
  DECISION.aborted,
  DECISION.endedByCall,
]);
const MARK_PX = 9;
const HOLLOW_PX = 7;

export const decisionsChart: ChartSpec = {
  name: 'decisions',
  title: 'Decisions',
  label: 'Decisions of preemption control over time, by outcome',
  needs: 'schedctl',
  // Buckets of ten pixels, the width of a mark.
  detail: 0.1,
  legendAt: 'view',
  async ask(client, params, options, { names }): Promise<ChartModel> {
    const { isLinux } = names;
    const matrix = await client.request('trace.decisionCounts', params, options);
    const { series, most, asMarks } = outcomeSeries(matrix, DECISION_ORDER);
    return {
      option(range, _size, { css }) {
        if (asMarks) {
          return {
            ...frame(range, MARKS_UP_TO, 2, 2),
            dataset: series.map(({ marks }) => ({ source: marks, dimensions: POINT })),
            series: series.map(({ outcome }, index) => ({
              type: 'scatter' as const,
              datasetIndex: index,
              symbol: SYMBOLS[outcome] ?? 'circle',
              symbolSize: HOLLOW.has(outcome) ? HOLLOW_PX : MARK_PX,
              silent: true,
              itemStyle: HOLLOW.has(outcome)
                ? {
                    color: css['bg-lane'],
                    borderColor: css[outcomeColour(outcome)],
                    borderWidth: outcome === DECISION.updateSkipped ? 1.3 : 1.7,
                    borderType: outcome === DECISION.updateSkipped ? ('dashed' as const) : ('solid' as const),
                    opacity: 1,
                  }
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
      },
      legend(_timeNs, range) {
        const sums = countsInRange(matrix, range.startNs, range.endNs);
        return DECISION_ORDER.flatMap((outcome) => {
          const count = sums.get(outcome) ?? 0;
          if (count === 0) return [];
          const { shape, token } = DECISION_LOOKS[outcome];
          return [
            {
              mark: { kind: 'glyph' as const, shape, token },
              text: '',
              value: formatCountShort(count),
              title: `${formatCount(count)} ${outcomeName(outcome, isLinux)}`,
            },
          ];
        });
      },
      guides: () => [],
      table(range) {
        const rows: (string | number)[][] = [];
        for (let bucket = 0; bucket < matrix.buckets; bucket++) {
          const startNs = matrix.startNs + bucket * matrix.bucketNs;
          if (!meets(range, startNs, startNs + matrix.bucketNs)) continue;
          matrix.rows.forEach((outcome, row) => {
            const count = matrix.counts[row * matrix.buckets + bucket]!;
            if (count > 0) rows.push([startNs, matrix.bucketNs, outcomeName(outcome, isLinux), count]);
          });
        }
        return { head: ['start_ns', 'length_ns', 'outcome', 'decisions'], rows };
      },
    };
  },
};
