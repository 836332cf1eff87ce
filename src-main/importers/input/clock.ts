/**
 * Stamps of a source to nanoseconds since time 0 of the trace.
 *
 * Seconds and fraction are subtracted apart: a machine that has been up for 104 days has more nanoseconds
 * than a number holds exactly. A clock without seconds (cycles, a counter, jiffies) keeps its own unit: one
 * of them counts as one nanosecond, and the report says so.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { ClockUnit } from '#shared/model/clock-origin.ts';

/** How stamps are written. */
export const STAMP = { seconds: 0, integer: 1, microseconds: 2, nanoseconds: 3 } as const;

const NS_PER_MICROSECOND = 1e3;
const PER_WHOLE = 1_000_000_000n;
/** Records of one run that lie further apart are hardly on one clock. */
const MAX_LEAD_NS = 3_600_000_000_000n;

/** A stamp in two parts, so that it is exact however large. */
export interface Stamp {
  /** See {@link STAMP}. */
  readonly stampKind: number;
  /** Seconds, or the digits of an integer but its last nine. */
  readonly stampWhole: number;
  /** Nanoseconds, or the last nine digits. */
  readonly stampRest: number;
  /** Where it is written. */
  readonly stampStart: number;
  readonly stampEnd: number;
}

/** Time 0 of the trace, shared by all sources of one import: its first event, or what begins before it. */
export class Origin {
  /** As the first source writes it; null before the first event. */
  text: string | null = null;
  kind: number = STAMP.seconds;
  whole = 0;
  rest = 0;
  private readonly earliest: bigint | null;

  /** @param earliest nanoseconds at which another record of the same run begins, if that is to be time 0 */
  constructor(earliest: bigint | null = null) {
    this.earliest = earliest;
  }

  set(stamp: Stamp, bytes: Buffer): void {
    this.kind = stamp.stampKind;
    this.whole = stamp.stampWhole;
    this.rest = stamp.stampRest;
    this.text = bytes.toString('latin1', stamp.stampStart, stamp.stampEnd);
    const ns = this.ns;
    if (this.earliest === null || ns === null || this.earliest >= ns || ns - this.earliest > MAX_LEAD_NS) {
      return;
    }
    this.whole = Number(this.earliest / PER_WHOLE);
    this.rest = Number(this.earliest % PER_WHOLE);
    const rest = String(this.rest).padStart(9, '0');
    this.text = this.kind === STAMP.seconds ? `${this.whole}.${rest}` : `${this.earliest}`;
  }

  /** Nanoseconds on the source's clock at time 0; null before the first event, and where its unit is not known. */
  get ns(): bigint | null {
    // A time of day (babeltrace2 without --clock-seconds) is on no clock that another record could share.
    if (this.text === null || this.text.includes(':')) return null;
    if (this.kind !== STAMP.seconds && this.kind !== STAMP.nanoseconds) return null;
    return BigInt(this.whole) * PER_WHOLE + BigInt(this.rest);
  }
}

const OTHER_KIND = 'its time stamp is written otherwise than the first one';
const TOO_FAR = 'its time stamp lies impossibly far from the first one';

export class Clock {
  kind: number = STAMP.seconds;
  private readonly origin: Origin;
  private seen = false;
  /** Why the last stamp has no time. */
  problem = '';

  constructor(origin: Origin) {
    this.origin = origin;
  }

  /** Time of a stamp, or NaN where it does not count like the stamps before it or lies impossibly far from them. */
  timeNs(stamp: Stamp, bytes: Buffer): Ns {
    const { origin } = this;
    if (!this.seen) {
      if (origin.text === null) origin.set(stamp, bytes);
      if (!together(origin.kind, stamp.stampKind)) return this.refuse(OTHER_KIND);
      this.kind = stamp.stampKind;
      this.seen = true;
    } else if (stamp.stampKind !== this.kind) return this.refuse(OTHER_KIND);
    // Both parts count alike for seconds and for integers: see Stamp.
    const units = (stamp.stampWhole - origin.whole) * 1e9 + (stamp.stampRest - origin.rest);
    const timeNs = this.kind === STAMP.microseconds ? units * NS_PER_MICROSECOND : units;
    return Number.isSafeInteger(timeNs) ? timeNs : this.refuse(TOO_FAR);
  }

  private refuse(problem: string): number {
    this.problem = problem;
    return NaN;
  }

  /** Stamp at time 0 of the trace, null where no event was read. */
  get start(): string | null {
    return this.seen ? this.origin.text : null;
  }

  get unit(): ClockUnit {
    switch (this.kind) {
      case STAMP.seconds:
        return 'second';
      case STAMP.microseconds:
        return 'microsecond';
      case STAMP.nanoseconds:
        return 'nanosecond';
      default:
        return 'unknown';
    }
  }

  /** The clock as the text tells it; the text never names it. */
  get name(): string {
    switch (this.kind) {
      case STAMP.seconds:
        return 'seconds (local, global, mono, boot or tai: the text does not say which)';
      case STAMP.microseconds:
        return 'microseconds since the start of the trace (latency-format)';
      case STAMP.nanoseconds:
        return 'nanoseconds (since boot, or since 1970: the text does not say which)';
      default:
        return 'a number without a unit (x86-tsc, counter or uptime: the text does not say which)';
    }
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

/** Whether stamps of two kinds count from the same moment: nanoseconds are seconds written without a dot. */
function together(one: number, other: number): boolean {
  const exact = (kind: number): boolean => kind === STAMP.seconds || kind === STAMP.nanoseconds;
  return one === other || (exact(one) && exact(other));
}
