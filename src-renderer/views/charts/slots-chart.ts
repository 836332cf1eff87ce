/** Used slots over time, page on page or process on process, with a line where each page is full. */
import { SLOTS_PER_PAGE } from '../../trace-data/decode/slot.ts';
import { formatCount } from '../../trace-data/format-time.ts';
import { slotsAt, slotSeries, sumByProcess } from '../../trace-data/chart-series.ts';
import { cssOf, mixPacked, type ColourName } from '../../theme/theme-colours.ts';
import { frame, meets, POINT } from './chart-frame.ts';
import type { ChartModel, ChartSpec, Guide } from './chart-model.ts';

/** From this many slots on the line of a full page belongs into the picture. */
const LINE_FROM = 96;
/** Entries that there is room to name; the rest are added up. */
const NAMED = 2;

/** Colour of a layer, by its place in the stack. */
const layerColour = (index: number): ColourName => (index % 2 === 0 ? 'p0' : 'p1');

export const slotsChart: ChartSpec = {
  name: 'slots',
  title: 'Slots in use',
  linuxTitle: 'rseq areas',
  label: 'Slots in use over time, stacked by page',
  needs: 'schedctl',
  detail: 1,
  legendAt: 'time',
  modes: [
    { id: 'page', title: 'by page' },
    { id: 'process', title: 'by process' },
  ],
  async ask(client, params, options, { names, mode }): Promise<ChartModel> {
    const byPage = await client.request('trace.slotOccupancy', params, options);
    const byProcess = mode === 'process';
    const columns = byProcess ? sumByProcess(byPage) : byPage;
    const nameOf = (id: number): string =>
      byProcess ? names.process(id) : names.isRseqPage(id) ? names.page(id) : `page ${id}`;
    const { series, most } = slotSeries(columns, params.endNs);
    const yMost = most >= LINE_FROM ? Math.max(most, SLOTS_PER_PAGE) * 1.08 : Math.max(1, most * 1.15);
    return {
      option: (range, _size, { css, packed }) => ({
        ...frame(range, yMost, 2),
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
            lineStyle: { color: css[layerColour(index)], width: 1.5 },
            // Mixed beforehand and opaque, or the layer behind would shine through.
            areaStyle: {
              color: cssOf(mixPacked(packed['bg-lane'], packed[layerColour(index)], 0.45)),
              opacity: 1,
            },
          }))
          .reverse(),
      }),
      legend(timeNs) {
        const used = [...slotsAt(columns, timeNs)].sort(([a], [b]) => a - b);
        const rest = used.slice(NAMED);
        const sum = rest.reduce((total, [, count]) => total + count, 0);
        const only = used.length === 1 && !byProcess;
        return [
          ...used.slice(0, NAMED).map(([id, count], index) => ({
            mark: { kind: 'square' as const, colour: layerColour(index) },
            text: nameOf(id),
            value: `${formatCount(count)}${only ? ` of ${SLOTS_PER_PAGE}` : ''}`,
            title: `${nameOf(id)}: ${formatCount(count)} slots in use`,
          })),
          ...(rest.length === 0
            ? []
            : [
                {
                  mark: null,
                  text: `+${rest.length}`,
                  value: formatCount(sum),
                  title: rest.map(([id, count]) => `${nameOf(id)}: ${formatCount(count)}`).join('\n'),
                },
              ]),
        ];
      },
      guides() {
        const guides: Guide[] = [];
        for (let full = 1; full * SLOTS_PER_PAGE <= yMost && full <= 4; full++) {
          const pages = full === 1 ? 'one page' : `${full} pages`;
          guides.push({
            at: (full * SLOTS_PER_PAGE) / yMost,
            text: `${formatCount(full * SLOTS_PER_PAGE)}, ${pages}`,
          });
        }
        return guides;
      },
      table(range) {
        const rows: (string | number)[][] = [];
        const { timeNs, page, process, used } = byPage;
        const before = new Map<number, number>();
        for (let row = 0; row < timeNs.length && timeNs[row]! <= range.startNs; row++)
          before.set(page[row]!, row);
        for (const [id, row] of before) {
          rows.push([range.startNs, id, names.process(process[row]!), used[row]!]);
        }
        for (let row = 0; row < timeNs.length; row++) {
          if (timeNs[row]! <= range.startNs || !meets(range, timeNs[row]!, Infinity)) continue;
          rows.push([timeNs[row]!, page[row]!, names.process(process[row]!), used[row]!]);
        }
        return { head: ['time_ns', 'page', 'process', 'slots_used'], rows };
      },
    };
  },
};
