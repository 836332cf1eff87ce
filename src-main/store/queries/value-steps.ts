/** Steps of value curves in a window, a few for each pixel. */
import type { ColumnOf, Ns } from '#shared/base/brands.ts';
import { GrowingColumn } from './growing-column.ts';
import { SeriesReader } from '../levels/readers/series-reader.ts';
import { VALUE_LAYOUT, type ValueSeries } from '../levels/series.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

interface Window {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly pixels: number;
}

/**
 * The curves of several objects, one after the other: those of object `i` are rows `offset[i]` to `offset[i + 1] - 1`.
 */
export interface ValueSteps {
  readonly offset: Int32Array;
  readonly timeNs: ColumnOf<Float64Array, Ns>;
  readonly value: Int32Array;
}

/** Steps of the curves of `objects`; see {@link visitValueSteps}. */
export function valueSteps(
  trace: TraceDatabase,
  kind: ValueSeries,
  objects: readonly number[],
  window: Window,
): ValueSteps {
  const offset = new Int32Array(objects.length + 1);
  const time = new GrowingColumn(Float64Array);
  const values = new GrowingColumn(Int32Array);
  objects.forEach((object, index) => {
    visitValueSteps(trace, kind, object, window, (timeNs, value) => {
      time.push(timeNs);
      values.push(value);
    });
    offset[index + 1] = time.length;
  });
  return { offset, timeNs: time.take(), value: values.take() };
}

/**
 * Calls `step` with the value at the start of the window (at the time when it began) and with every change
 * in it. Where several changes fall on one pixel, with the largest value and then the last.
 */
export function visitValueSteps(
  trace: TraceDatabase,
  kind: ValueSeries,
  object: number,
  window: Window,
  step: (timeNs: Ns, value: number) => void,
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
