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
  let pixel = NaN;
  let merged = false;
  let largest = 0;
  let last = 0;
  let lastNs = 0;
  const finish = (): void => {
    if (merged && last !== largest) step(lastNs, last);
    merged = false;
  };
  let pendingStart = 0;
  let pending = false;
  const emit = (): void => {
    if (pending) step(pendingStart, largest);
    pending = false;
    finish();
  };
  SeriesReader.find(trace, VALUE_LAYOUT, kind, object)?.visit(
    window.startNs,
    window.endNs,
    pixelNs,
    (nodes, row, level, startNs, endNs) => {
      const value = nodes.value[row]!;
      const most = level === 0 ? value : nodes.max[row]!;
      const at = Math.floor((startNs - window.startNs) / pixelNs);
      const narrow = endNs - startNs <= pixelNs;
      if (pending && at === pixel) {
        merged = true;
        largest = Math.max(largest, most);
      } else {
        emit();
        pending = true;
        pendingStart = startNs;
        largest = most;
        merged = level > 0;
        pixel = at;
      }
      last = value;
      // Where the last value begins is not known above level 0; anywhere on the same pixel will do.
      lastNs = level > 0 ? endNs : startNs;
      if (!narrow) emit();
    },
  );
  emit();
}
