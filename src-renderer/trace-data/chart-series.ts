/**
 * What the charts draw, as flat typed arrays of x, y, x, y ... (the form that ECharts takes without turning
 * every point into an object). x is a time in ns.
 */
import type { Ns, ProcessId } from '#shared/base/brands.ts';
import type {
  CountMatrix,
  QueueLengthColumns,
  SlotOccupancyColumns,
  SlotSteps,
} from '#shared/api/contract.ts';
import { upperBound } from './lane-columns.ts';

/** Used slots of the pages up to and including `page`, so that the areas stand on each other. */
export interface SlotSeries {
  readonly page: number;
  readonly points: Float64Array;
}

/** @param endNs where the last step ends */
export function slotSeries(columns: SlotSteps, endNs: Ns): { series: SlotSeries[]; most: number } {
  const pages = [...new Set(columns.page)].sort((a, b) => a - b);
  const place = new Map(pages.map((page, index) => [page, index]));
  const used = new Int32Array(pages.length);
  const { timeNs } = columns;
  // Rows of one moment are one step: count the moments first.
  let moments = 0;
  for (let row = 0; row < timeNs.length; row++) if (timeNs[row] !== timeNs[row + 1]) moments++;
  const points = pages.map(() => new Float64Array(2 * (moments === 0 ? 0 : moments + 1)));
  let most = 0;
  let at = 0;
  for (let row = 0; row < timeNs.length; row++) {
    used[place.get(columns.page[row]!)!] = columns.used[row]!;
    if (timeNs[row] === timeNs[row + 1]) continue;
    let total = 0;
    for (let index = 0; index < pages.length; index++) {
      total += used[index]!;
      points[index]![at] = timeNs[row]!;
      points[index]![at + 1] = total;
    }
    most = Math.max(most, total);
    at += 2;
  }
  if (moments > 0) {
    for (const flat of points) {
      flat[at] = Math.max(endNs, flat[at - 2]!);
      flat[at + 1] = flat[at - 1]!;
    }
  }
  return { series: pages.map((page, index) => ({ page, points: points[index]! })), most };
}

/** Used slots of each page at `timeNs`, for pages that have any row at or before it. */
export function slotsAt(columns: SlotSteps, timeNs: Ns): Map<number, number> {
  const used = new Map<number, number>();
  const end = upperBound(columns.timeNs, timeNs, 0, columns.timeNs.length);
  for (let row = 0; row < end; row++) used.set(columns.page[row]!, columns.used[row]!);
  return used;
}

/** Steps of the heat ramp above nothing. */
const HEAT_LEVELS = 4;

export interface HeatSeries {
  /** For each level the cells' centres: time in ns and row index from the top. */
  readonly levels: readonly Float64Array[];
  /** The largest count of a cell. */
  readonly most: number;
}

/** Cells with a count, sorted into levels: one level a count while there are enough, else levels of equal width. */
export function heatSeries(matrix: CountMatrix): HeatSeries {
  let most = 0;
  for (const count of matrix.counts) if (count > most) most = count;
  const scale = HEAT_LEVELS / Math.max(most, HEAT_LEVELS);
  const levelOf = (count: number): number => Math.min(HEAT_LEVELS, Math.ceil(count * scale));
  const sizes = new Int32Array(HEAT_LEVELS + 1);
  for (const count of matrix.counts) if (count > 0) sizes[levelOf(count)]!++;
  const levels = Array.from({ length: HEAT_LEVELS }, (_, level) => new Float64Array(2 * sizes[level + 1]!));
  const filled = new Int32Array(HEAT_LEVELS);
  for (let row = 0; row < matrix.rows.length; row++) {
    for (let bucket = 0; bucket < matrix.buckets; bucket++) {
      const count = matrix.counts[row * matrix.buckets + bucket]!;
      if (count === 0) continue;
      const level = levelOf(count) - 1;
      const points = levels[level]!;
      points[filled[level]!++] = matrix.startNs + (bucket + 0.5) * matrix.bucketNs;
      points[filled[level]!++] = row;
    }
  }
  return { levels, most };
}

/** Most decisions in one bucket up to which each is drawn as its own mark. */
export const MARKS_UP_TO = 3;

export interface OutcomeSeries {
  /** DECISION of enums.ts. */
  readonly outcome: number;
  /** Marks: bucket centre and height in the stack. Empty where there are too many for marks. */
  readonly marks: Float64Array;
  /** Steps of the count of this outcome and all those under it in the stack. Empty where marks are drawn. */
  readonly steps: Float64Array;
}

/** Decisions over time, stacked in the order of `order`, the first at the bottom. */
export function outcomeSeries(
  matrix: CountMatrix,
  order: readonly number[],
): { series: OutcomeSeries[]; most: number; asMarks: boolean } {
  const { buckets, counts, startNs, bucketNs } = matrix;
  const rowOf = new Map(matrix.rows.map((outcome, row) => [outcome, row]));
  const stacked = new Uint32Array(buckets);
  for (let i = 0; i < counts.length; i++) stacked[i % buckets]! += counts[i]!;
  let most = 0;
  for (const total of stacked) if (total > most) most = total;
  const asMarks = most <= MARKS_UP_TO;
  stacked.fill(0);
  const series = order.map((outcome): OutcomeSeries => {
    const row = rowOf.get(outcome);
    const count = (bucket: number): number => (row === undefined ? 0 : counts[row * buckets + bucket]!);
    if (asMarks) {
      const marks: number[] = [];
      for (let bucket = 0; bucket < buckets; bucket++) {
        for (let i = 0; i < count(bucket); i++) {
          marks.push(startNs + (bucket + 0.5) * bucketNs, stacked[bucket]! + 0.5);
          stacked[bucket]!++;
        }
      }
      return { outcome, marks: Float64Array.from(marks), steps: new Float64Array(0) };
    }
    const steps = new Float64Array(2 * (buckets + 1));
    for (let bucket = 0; bucket < buckets; bucket++) {
      stacked[bucket]! += count(bucket);
      steps[2 * bucket] = startNs + bucket * bucketNs;
      steps[2 * bucket + 1] = stacked[bucket]!;
    }
    steps[2 * buckets] = startNs + buckets * bucketNs;
    steps[2 * buckets + 1] = buckets > 0 ? stacked[buckets - 1]! : 0;
    return { outcome, marks: new Float64Array(0), steps };
  });
  return { series, most, asMarks };
}

/** Sum over the buckets of each row that lie (by their middle) in the range. */
export function countsInRange(matrix: CountMatrix, startNs: Ns, endNs: Ns): Map<number, number> {
  const first = Math.max(0, Math.ceil((startNs - matrix.startNs) / matrix.bucketNs - 0.5));
  const last = Math.min(matrix.buckets - 1, Math.floor((endNs - matrix.startNs) / matrix.bucketNs - 0.5));
  const sums = new Map<number, number>();
  for (let row = 0; row < matrix.rows.length; row++) {
    let sum = 0;
    for (let bucket = first; bucket <= last; bucket++) sum += matrix.counts[row * matrix.buckets + bucket]!;
    sums.set(matrix.rows[row]!, sum);
  }
  return sums;
}

/**
 * Slots of all pages of a process added up, in the place of the page: a row for each process whose sum changes. Where a
 * page has come to another process, the one before has none of its slots any more.
 */
export function sumByProcess(columns: SlotOccupancyColumns): SlotSteps {
  const pages = new Map<number, { readonly process: ProcessId; readonly used: number }>();
  const totals = new Map<number, number>();
  const timeNs: Ns[] = [];
  const processes: ProcessId[] = [];
  const sums: number[] = [];
  const change = (at: number, process: ProcessId, by: number): void => {
    const total = (totals.get(process) ?? 0) + by;
    totals.set(process, total);
    timeNs.push(at);
    processes.push(process);
    sums.push(total);
  };
  for (let row = 0; row < columns.timeNs.length; row++) {
    const page = columns.page[row]!;
    const process = columns.process[row]!;
    const used = columns.used[row]!;
    const before = pages.get(page);
    const was = before?.used ?? 0;
    pages.set(page, { process, used });
    const at = columns.timeNs[row]!;
    if (before !== undefined && before.process !== process && was > 0) change(at, before.process, -was);
    change(at, process, before?.process === process ? used - was : used);
  }
  return { timeNs: Float64Array.from(timeNs), page: Int32Array.from(processes), used: Int32Array.from(sums) };
}

/** The matrix with `folded` neighbouring rows made one: their sum, or the most of them. */
export function foldRows(matrix: CountMatrix, folded: number, how: 'sum' | 'most'): CountMatrix {
  if (folded <= 1) return matrix;
  const { buckets } = matrix;
  const rows = matrix.rows.filter((_, row) => row % folded === 0);
  const counts = new Uint32Array(rows.length * buckets);
  for (let row = 0; row < matrix.rows.length; row++) {
    const base = Math.floor(row / folded) * buckets;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = matrix.counts[row * buckets + bucket]!;
      const before = counts[base + bucket]!;
      counts[base + bucket] = how === 'sum' ? before + count : Math.max(before, count);
    }
  }
  return { ...matrix, rows, counts };
}

/** The longest that each queue was in each of `buckets` equal parts of the range. */
export function longestIn(
  columns: QueueLengthColumns,
  cpus: readonly number[],
  range: { readonly startNs: Ns; readonly endNs: Ns },
  buckets: number,
): CountMatrix {
  const bucketNs = (range.endNs - range.startNs) / buckets;
  const counts = new Uint32Array(cpus.length * buckets);
  for (let index = 0; index < cpus.length; index++) {
    const end = columns.cpuOffset[index + 1]!;
    for (let row = columns.cpuOffset[index]!; row < end; row++) {
      const length = columns.length[row]!;
      if (length <= 0) continue;
      const untilNs = row + 1 < end ? columns.timeNs[row + 1]! : range.endNs;
      const first = Math.max(0, Math.floor((columns.timeNs[row]! - range.startNs) / bucketNs));
      const last = Math.min(buckets - 1, Math.ceil((untilNs - range.startNs) / bucketNs) - 1);
      for (let bucket = first; bucket <= Math.max(first, last) && bucket < buckets; bucket++) {
        const at = index * buckets + bucket;
        if (length > counts[at]!) counts[at] = length;
      }
    }
  }
  return { startNs: range.startNs, bucketNs, buckets, rows: cpus, counts };
}

/** Length of each queue at a time. */
export function valuesAt(columns: QueueLengthColumns, timeNs: Ns): number[] {
  return Array.from({ length: columns.cpuOffset.length - 1 }, (_, index) => {
    const first = columns.cpuOffset[index]!;
    const end = upperBound(columns.timeNs, timeNs, first, columns.cpuOffset[index + 1]!);
    return end > first ? columns.length[end - 1]! : 0;
  });
}

/** Equal parts of time, as buckets. */
interface Buckets {
  readonly startNs: Ns;
  readonly bucketNs: Ns;
  readonly buckets: number;
}

/** The bucket that a time falls into; the nearest one where it lies outside. */
export function bucketAt({ startNs, bucketNs, buckets }: Buckets, timeNs: Ns): number {
  return Math.max(0, Math.min(buckets - 1, Math.floor((timeNs - startNs) / bucketNs)));
}

/** Steps of each column and all those before it, in units of `unit`: areas that stand on each other. */
export function stackedSteps(
  buckets: Buckets,
  columns: readonly Float64Array[],
  unit: number,
): Float64Array[] {
  const sums = new Float64Array(buckets.buckets);
  return columns.map((column) => {
    const steps = new Float64Array(2 * (buckets.buckets + 1));
    for (let bucket = 0; bucket < buckets.buckets; bucket++) {
      sums[bucket] = sums[bucket]! + column[bucket]! / unit;
      steps[2 * bucket] = buckets.startNs + bucket * buckets.bucketNs;
      steps[2 * bucket + 1] = sums[bucket]!;
    }
    steps[2 * buckets.buckets] = buckets.startNs + buckets.buckets * buckets.bucketNs;
    steps[2 * buckets.buckets + 1] = sums[buckets.buckets - 1] ?? 0;
    return steps;
  });
}
