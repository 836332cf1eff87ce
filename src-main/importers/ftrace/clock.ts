/**
 * Stamps of one file to nanoseconds since its first event.
 *
 * Seconds and fraction are subtracted apart: a machine that has been up for 104 days has more nanoseconds
 * than a number holds exactly. A clock without seconds (cycles, a counter, jiffies) keeps its own unit: one
 * of them counts as one nanosecond, and the report says so.
 */
import { STAMP, type LineHeader } from './line.ts';

const NS_PER_MICROSECOND = 1e3;

export class Clock {
  /** Stamp of the first event as it is written; null before it. */
  origin: string | null = null;
  kind: number = STAMP.seconds;
  private originWhole = 0;
  private originRest = 0;

  /** Time of the line in `header`, or NaN where it does not count like the lines before it. */
  timeNs(header: LineHeader, bytes: Buffer): number {
    if (this.origin === null) {
      this.origin = bytes.toString('latin1', header.stampStart, header.stampEnd);
      this.kind = header.stampKind;
      this.originWhole = header.stampWhole;
      this.originRest = header.stampRest;
      return 0;
    }
    if (header.stampKind !== this.kind) return NaN;
    // Both parts count alike for seconds and for integers: see LineHeader.stampWhole.
    const units = (header.stampWhole - this.originWhole) * 1e9 + (header.stampRest - this.originRest);
    return this.kind === STAMP.microseconds ? units * NS_PER_MICROSECOND : units;
  }

  get unit(): 'second' | 'microsecond' | 'unknown' {
    return this.kind === STAMP.seconds
      ? 'second'
      : this.kind === STAMP.microseconds
        ? 'microsecond'
        : 'unknown';
  }

  /** The clock as the text tells it; the text never names it. */
  get name(): string {
    return this.kind === STAMP.seconds
      ? 'seconds (local, global, mono, boot or tai: the text does not say which)'
      : this.kind === STAMP.microseconds
        ? 'microseconds since the start of the trace (latency-format)'
        : 'a number without a unit (x86-tsc, counter or uptime: the text does not say which)';
  }

  /** Sentences about the clock for the report. */
  warnings(): string[] {
    if (this.kind !== STAMP.integer) return [];
    return [
      "The trace's clock does not count seconds (it is a cycle counter, an event counter or jiffies): " +
        'its unit is shown as if it were one nanosecond, so order is right and durations are not.',
    ];
  }
}
