/** Steps of one value curve in a window, a few for each pixel. */
import { SeriesReader } from './pyramid/reader.ts';
import { type SERIES, VALUE_LAYOUT } from './pyramid/series.ts';
import type { TraceDatabase } from './trace-database.ts';

type ValueSeries = typeof SERIES.queueLength | typeof SERIES.slotsUsed;

/**
 * Calls `step` with the value at the start of the window (at the time when it began) and with every change
 * in it. Where several changes fall on one pixel, with the largest value and then the last.
 */
export function visitValueSteps(
  trace: TraceDatabase,
  kind: ValueSeries,
  object: number,
  window: { readonly startNs: number; readonly endNs: number; readonly pixels: number },
  step: (timeNs: number, value: number) => void,
): void {
  const pixelNs = Math.max(0, (window.endNs - window.startNs) / window.pixels);
  // The steps that begin on one pixel, NaN where there are none yet.
  let pixel = NaN;
  let firstNs = 0;
  let largest = 0;
  let lastNs = 0;
  let last = 0;
  const emit = (): void => {
    if (Number.isNaN(pixel)) return;
    step(firstNs, largest);
    if (last !== largest) step(lastNs, last);
    pixel = NaN;
  };
  SeriesReader.find(trace, VALUE_LAYOUT, kind, object)?.visit(
    window.startNs,
    window.endNs,
    pixelNs,
    (nodes, row, level, startNs, endNs) => {
      const value = nodes.value[row]!;
      const most = level === 0 ? value : nodes.max[row]!;
      const at = Math.floor((startNs - window.startNs) / pixelNs);
      if (at === pixel) {
        largest = Math.max(largest, most);
      } else {
        emit();
        pixel = at;
        firstNs = startNs;
        largest = most;
      }
      last = value;
      // Where the last value begins is not known above level 0; the end of the node is a pixel away at most.
      lastNs = level === 0 ? startNs : endNs;
    },
  );
  emit();
}
