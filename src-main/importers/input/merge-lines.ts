/** Lines of several files of one run, handed on in order of time. */
import type { SourceLines } from './source-lines.ts';

/** The lines of a file that have been read and not handed on. Their bytes stay where they were read to. */
export class LineQueue {
  private readonly timeOf: (bytes: Buffer, start: number, end: number) => number;
  private readonly bytes: Buffer[] = [];
  /** Start, end and number of each line. */
  private readonly places: number[] = [];
  private readonly times: number[] = [];
  private next = 0;

  /** @param timeOf nanoseconds of a line on the clock that the files share, NaN for a line without */
  constructor(timeOf: (bytes: Buffer, start: number, end: number) => number) {
    this.timeOf = timeOf;
  }

  push(bytes: Buffer, start: number, end: number, number: number): void {
    const time = this.timeOf(bytes, start, end);
    this.bytes.push(bytes);
    this.places.push(start, end, number);
    // A line without a time belongs to the one before it.
    this.times.push(Number.isNaN(time) ? (this.times.at(-1) ?? -Infinity) : time);
  }

  /** Time of the first line; NaN where there is none. */
  get time(): number {
    return this.times[this.next] ?? NaN;
  }

  take(deliver: (bytes: Buffer, start: number, end: number, number: number) => void): void {
    const row = this.next++;
    const place = row * 3;
    deliver(this.bytes[row]!, this.places[place]!, this.places[place + 1]!, this.places[place + 2]!);
    if (this.next < this.times.length) return;
    this.bytes.length = 0;
    this.places.length = 0;
    this.times.length = 0;
    this.next = 0;
  }
}

export interface MergedSource {
  readonly lines: SourceLines;
  readonly queue: LineQueue;
  readonly deliver: (bytes: Buffer, start: number, end: number, number: number) => void;
  ended: boolean;
}

/**
 * Hands on lines until one of the files has to be read on.
 *
 * @returns false where all have been read and handed on
 */
export async function mergeOn(sources: readonly MergedSource[]): Promise<boolean> {
  for (const source of sources) {
    while (!source.ended && Number.isNaN(source.queue.time)) source.ended = !(await source.lines.readOn());
  }
  for (;;) {
    let first: MergedSource | null = null;
    for (const source of sources) {
      const { time } = source.queue;
      if (Number.isNaN(time)) {
        if (!source.ended) return true;
      } else if (first === null || time < first.queue.time) first = source;
    }
    if (first === null) return false;
    first.queue.take(first.deliver);
  }
}
