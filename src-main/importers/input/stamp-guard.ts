/**
 * Lines whose time stamp cannot be right are kept from a reader. One stamp far ahead of its neighbours would move
 * all that follow up to it; so a line that is ahead of the others waits until they come up to it. What is not
 * confirmed is left out and reported. Stamps that go far back and stay there are another recording, which has
 * a clock of its own: that is refused, because nothing tells how the two belong together.
 *
 * Hot: a line that follows the one before within a second is only compared.
 */
import type { Ns } from '#shared/base/brands.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { ReportBuilder } from '../import-report.ts';

const NS_PER_SECOND = 1e9;
/** A line further ahead of the newest, or further behind it, is looked at: in a file that is in order of time. */
const NEAR_NS = NS_PER_SECOND;
/** The same of a file whose lines are a few seconds out of order: what a tool holds back for each CPU. */
export const UNORDERED_NEAR_NS = 100 * NS_PER_SECOND;
/** So many lines on the far side of a gap are no mistake. */
const CONFIRMED_BY = 8;
/** At the end of a file fewer lines than that have to do, if the gap is shorter than this. */
const FAR_NS = 86_400 * NS_PER_SECOND;
/** A first line at 0 with nothing for so long after it was given no stamp. */
const FAR_FROM_ZERO_NS = 60 * NS_PER_SECOND;
const ZERO_NS = 1e6;
/** So many lines that stay behind a line disprove it. */
const DISPROVED_BY = 64;
/** No clock counts more than 64 bits. */
const MOST_NS = 2 ** 65;
/** Lines without a time that wait with the first event. */
const MOST_FOLLOWERS = 1000;
const TEXT_SHOWN = 400;
const HASH = 0x23;

type Deliver = (bytes: Buffer, start: number, end: number, number: number) => void;

interface Held {
  readonly bytes: Buffer;
  readonly number: number;
  readonly timeNs: Ns;
  /** Lines without a time that came after it while nothing had been delivered. */
  readonly followers: { readonly bytes: Buffer; readonly number: number }[];
  /** Lines that came after it and are far older. */
  contradicted: number;
}

export class StampGuard {
  private readonly timeOf: (bytes: Buffer, start: number, end: number) => number;
  private readonly deliver: Deliver;
  private readonly report: ReportBuilder;
  private readonly fileName: string;
  private readonly nearNs: Ns;
  /** Time of the newest line that was delivered. */
  private newestNs = -Infinity;
  private newestLine = 0;
  /** Lines far ahead of it, or all lines while there is none, oldest first. */
  private ahead: Held[] = [];
  /** Lines far behind it, in the order of the file. */
  private behind: Held[] = [];
  private headed = false;

  /**
   * @param timeOf nanoseconds of a line, NaN for one without: it goes on at once
   * @param nearNs how far lines may lie apart without being looked at
   */
  constructor(
    timeOf: (bytes: Buffer, start: number, end: number) => number,
    deliver: Deliver,
    report: ReportBuilder,
    fileName: string,
    nearNs = NEAR_NS,
  ) {
    this.timeOf = timeOf;
    this.deliver = deliver;
    this.report = report;
    this.fileName = fileName;
    this.nearNs = nearNs;
  }

  push(bytes: Buffer, start: number, end: number, number: number): void {
    const timeNs = this.timeOf(bytes, start, end);
    if (Number.isNaN(timeNs)) {
      if (bytes[start] === HASH && this.newestNs > -Infinity) {
        this.headed ||= bytes.toString('latin1', start, Math.min(end, start + 10)) === '# tracer: ';
      }
      const followers = this.newestNs === -Infinity ? this.ahead.at(-1)?.followers : undefined;
      if (followers !== undefined && followers.length < MOST_FOLLOWERS) {
        followers.push({ bytes: Buffer.from(bytes.subarray(start, end)), number });
      } else this.deliver(bytes, start, end, number);
      return;
    }
    const sinceNs = timeNs - this.newestNs;
    if (
      sinceNs <= this.nearNs &&
      sinceNs + this.nearNs >= 0 &&
      this.ahead.length === 0 &&
      this.behind.length === 0
    ) {
      if (sinceNs > 0) {
        this.newestNs = timeNs;
        this.newestLine = number;
      }
      this.deliver(bytes, start, end, number);
      return;
    }
    this.consider(bytes, start, end, number, timeNs);
  }

  /** All lines have come. */
  finish(): void {
    this.settleBehind(2);
    const { ahead } = this;
    this.ahead = [];
    for (const held of ahead) {
      const isFirst = this.newestNs === -Infinity;
      if (held.contradicted === 0 && (isFirst || held.timeNs - this.newestNs <= FAR_NS)) this.release(held);
      else if (isFirst && ahead.every(({ contradicted }) => contradicted > 0)) this.release(held);
      else this.leaveOut(held, 'its time stamp lies far ahead of those around it');
    }
  }

  private consider(bytes: Buffer, start: number, end: number, number: number, timeNs: Ns): void {
    const held = (): Held => ({
      bytes: Buffer.from(bytes.subarray(start, end)),
      number,
      timeNs,
      followers: [],
      contradicted: 0,
    });
    if (!(Math.abs(timeNs) < MOST_NS)) {
      this.leaveOut(held(), 'its time stamp is beyond what a clock counts');
      return;
    }
    if (timeNs < this.newestNs - this.nearNs) {
      this.behind.push(held());
      if (this.behind.length === CONFIRMED_BY || this.headed) this.settleBehind(1);
      return;
    }
    if (this.behind.length > 0) this.settleBehind(Infinity);
    for (const other of this.ahead) if (timeNs < other.timeNs - this.nearNs) other.contradicted++;
    if (timeNs <= this.newestNs + this.nearNs) {
      this.newestNs = Math.max(this.newestNs, timeNs);
      this.newestLine = number;
      // What the line has come up to goes before it.
      this.releaseUpTo(timeNs);
      this.deliver(bytes, start, end, number);
      this.dropDisproved();
      return;
    }
    const at = this.ahead.findLastIndex((other) => other.timeNs <= timeNs) + 1;
    this.ahead.splice(at, 0, held());
    this.settleAhead();
  }

  /**
   * Whether the lines ahead hang together: enough of them, or two that follow each other while nothing was delivered.
   */
  private settleAhead(): void {
    const { ahead } = this;
    if (this.newestNs === -Infinity) {
      const pair = ahead.findIndex(
        (held, index) => index > 0 && held.timeNs - ahead[index - 1]!.timeNs <= this.nearNs,
      );
      if (pair > 0) {
        // One before the first two that agree is far older than all: it waits for nobody.
        for (const lone of ahead.splice(0, pair - 1)) {
          const gap = ahead[0]!.timeNs - lone.timeNs;
          const isZero = lone.timeNs >= 0 && lone.timeNs < ZERO_NS;
          if (gap > (isZero ? FAR_FROM_ZERO_NS : FAR_NS))
            this.leaveOut(lone, 'its time stamp lies far behind those around it');
          else this.release(lone);
        }
        const last = ahead[1]!;
        this.releaseUpTo(last.timeNs);
        return;
      }
    }
    if (ahead.filter(({ contradicted }) => contradicted === 0).length < CONFIRMED_BY) return;
    this.ahead = [];
    for (const held of ahead) {
      if (held.contradicted === 0) this.release(held);
      else this.leaveOut(held, 'its time stamp lies far ahead of those around it');
    }
  }

  private releaseUpTo(timeNs: Ns): void {
    while (this.ahead.length > 0 && this.ahead[0]!.timeNs <= timeNs) this.release(this.ahead.shift()!);
  }

  private dropDisproved(): void {
    if (this.ahead.every(({ contradicted }) => contradicted < DISPROVED_BY)) return;
    for (const held of this.ahead) {
      if (held.contradicted >= DISPROVED_BY) {
        this.leaveOut(held, 'its time stamp lies far ahead of those around it');
      }
    }
    this.ahead = this.ahead.filter(({ contradicted }) => contradicted < DISPROVED_BY);
  }

  /** Fewer lines than `enough` far behind the others are mistakes; more are another recording. */
  private settleBehind(enough: number): void {
    const { behind } = this;
    const [first] = behind;
    if (first === undefined) return;
    if (behind.length >= enough || this.headed) throw this.startsAgain(first);
    this.behind = [];
    for (const held of behind) this.leaveOut(held, 'its time stamp lies far behind those around it');
  }

  private startsAgain(held: Held): WorkbenchError {
    const seconds = (timeNs: Ns): string => (timeNs / NS_PER_SECOND).toFixed(6);
    const { fileName, newestLine, newestNs } = this;
    return new WorkbenchError(
      'import-failed',
      `The time stamps of ${fileName} go back from ${seconds(newestNs)} (line ${newestLine}) to ${seconds(held.timeNs)} ` +
        `in line ${held.number} and stay there: it holds several recordings, one after the other, and nothing tells the time ` +
        `between them. Import each by itself: split the file before line ${held.number}.`,
      { file: fileName, line: held.number },
    );
  }

  private release({ bytes, number, timeNs, followers }: Held): void {
    if (timeNs > this.newestNs) {
      this.newestNs = timeNs;
      this.newestLine = number;
    }
    this.deliver(bytes, 0, bytes.length, number);
    for (const line of followers) this.deliver(line.bytes, 0, line.bytes.length, line.number);
  }

  private leaveOut({ bytes, number, followers }: Held, reason: string): void {
    this.report.skip(reason, number, bytes.toString('utf8', 0, TEXT_SHOWN));
    for (const line of followers) this.deliver(line.bytes, 0, line.bytes.length, line.number);
  }
}
