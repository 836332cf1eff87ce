/**
 * What stands before the payload of an ftrace line:
 *
 *     worker-0-11669   [001] d..2.  1360.316013: sched_switch: ...
 *     worker-0-11669   (  11667) [001] d..2.  1360.316013: sched_switch: ...    (record-tgid)
 *     worker-0-11669     1d..2. 8503us+: sched_switch: ...                        (latency-format)
 *     worker-0 11667/11669 [001]  1360.316013: sched:sched_switch: ...            (perf script)
 *
 * A task's name may contain anything that the columns are made of, so the line is not split at characters:
 * a CPU in brackets counts only where a thread id stands before it and a stamp after it.
 *
 * Hot: one instance reads all lines, into its fields, without allocating.
 */
import { isDigit, skipSpaces, SPACE, ZERO } from '../input/bytes.ts';
import { STAMP, type Stamp } from '../input/clock.ts';

const DASH = 0x2d;
const PLUS = 0x2b;
const SLASH = 0x2f;
const COLON = 0x3a;
const DOT = 0x2e;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_PARENTHESIS = 0x28;
const CLOSE_PARENTHESIS = 0x29;
const LETTER_U = 0x75;
const LETTER_S = 0x73;
/** Thread ids have at most seven digits, CPU numbers fewer. */
const MAX_ID_DIGITS = 9;
/** A 64-bit counter has up to twenty digits; seconds have fewer. */
const MAX_STAMP_DIGITS = 20;
const REST_DIGITS = 9;
/** What a fraction of so many digits is multiplied by to have {@link REST_DIGITS}. */
const TO_REST_DIGITS = Array.from({ length: REST_DIGITS + 1 }, (_, length) => 10 ** (REST_DIGITS - length));

export const UNKNOWN_TID = -1;
/** The line has no CPU. */
export const NO_CPU = -1;

export class LineHeader implements Stamp {
  commStart = 0;
  commEnd = 0;
  /** {@link UNKNOWN_TID} where the line does not say it. */
  tid = 0;
  /** Thread group, -1 where the line has no such column or it is unknown. */
  group = -1;
  /** {@link NO_CPU} where the line does not say it. */
  cpu = 0;
  /** How the stamp is written; see {@link STAMP}. */
  stampKind: number = STAMP.seconds;
  /**
   * The stamp in two parts, so that it is exact however large: seconds and nanoseconds, or an integer's
   * digits but the last nine and those.
   */
  stampWhole = 0;
  stampRest = 0;
  stampStart = 0;
  stampEnd = 0;
  /** First byte of the event's name. */
  bodyStart = 0;
  /** What stands between a task's name and its thread id: a dash in ftrace, spaces in perf script. */
  private readonly separator: number;

  constructor(separator: number = DASH) {
    this.separator = separator;
  }

  /** Reads the header of a line in the ordinary format. False where the line has none. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    start = skipSpaces(bytes, start, end);
    for (let at = start; at < end; at++) {
      if (bytes[at] !== OPEN_BRACKET) continue;
      let p = at + 1;
      let cpu = 0;
      while (isDigit(bytes[p]) && p - at <= MAX_ID_DIGITS) cpu = cpu * 10 + bytes[p++]! - ZERO;
      if (p === at + 1 || bytes[p] !== CLOSE_BRACKET || bytes[p + 1] !== SPACE) continue;
      if (!this.readTask(bytes, start, at) || !this.readFlagsAndStamp(bytes, p + 1, end)) continue;
      this.cpu = cpu;
      return true;
    }
    return false;
  }

  /** The same for a line of perf script without the column of the CPU: `worker-0 11667/11669  1360.316013: ...`. */
  readWithoutCpu(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start + 1; at < end; at++) {
      if (bytes[at - 1] !== SPACE || !isDigit(bytes[at])) continue;
      if (!this.readStamp(bytes, at, end) || this.stampKind !== STAMP.seconds) continue;
      if (!this.readTask(bytes, start, at)) continue;
      this.cpu = NO_CPU;
      return true;
    }
    return false;
  }

  /** The same for latency-format. */
  readLatency(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      if (bytes[at] !== DASH || !isDigit(bytes[at + 1])) continue;
      let p = at + 1;
      let tid = 0;
      while (isDigit(bytes[p]) && p - at <= MAX_ID_DIGITS) tid = tid * 10 + bytes[p++]! - ZERO;
      if (bytes[p] !== SPACE) continue;
      p = skipSpaces(bytes, p, end);
      const cpuStart = p;
      let cpu = 0;
      while (isDigit(bytes[p]) && p - cpuStart < MAX_ID_DIGITS) cpu = cpu * 10 + bytes[p++]! - ZERO;
      if (p === cpuStart) continue;
      while (p < end && bytes[p] !== SPACE) p++;
      p = skipSpaces(bytes, p, end);
      // trace-cmd report -l shows the same columns with seconds.
      if (!this.readMicroseconds(bytes, p, end) && !this.readSeconds(bytes, p, end)) continue;
      this.commStart = skipSpaces(bytes, start, at);
      this.commEnd = at;
      this.tid = tid;
      this.group = -1;
      this.cpu = cpu;
      return true;
    }
    return false;
  }

  /** `name-tid` and perhaps `(tgid)`, up to the bracket at `end`. */
  private readTask(bytes: Uint8Array, start: number, end: number): boolean {
    let p = end - 1;
    while (p > start && bytes[p] === SPACE) p--;
    this.group = -1;
    if (bytes[p] === CLOSE_PARENTHESIS) {
      let open = p - 1;
      while (open > start && bytes[open] !== OPEN_PARENTHESIS) open--;
      let q = skipSpaces(bytes, open + 1, p);
      let group = 0;
      const first = q;
      while (isDigit(bytes[q]) && q - first < MAX_ID_DIGITS) group = group * 10 + bytes[q++]! - ZERO;
      if (q === p && q > first) this.group = group;
      p = open - 1;
      while (p > start && bytes[p] === SPACE) p--;
    }
    const last = p;
    let tid = 0;
    for (let scale = 1; p > start; p--, scale *= 10) {
      const digit = bytes[p]! - ZERO;
      if (digit < 0 || digit > 9) break;
      tid += digit * scale;
    }
    const length = last - p;
    // perf shows the thread id -1 for a task that is already gone.
    const isGone = this.separator === SPACE && bytes[p] === DASH && p > start;
    if (isGone) p--;
    if (this.separator === SPACE && bytes[p] === SLASH) p = this.readProcess(bytes, start, p);
    if (length === 0 || length > MAX_ID_DIGITS || bytes[p] !== this.separator) return false;
    this.tid = isGone ? UNKNOWN_TID : tid;
    this.commStart = skipSpaces(bytes, start, p);
    while (p > this.commStart && bytes[p - 1] === SPACE) p--;
    this.commEnd = p;
    return true;
  }

  /** The process id (or the -1 of one that is gone) that ends at the slash; returns the place before it. */
  private readProcess(bytes: Uint8Array, start: number, slash: number): number {
    let p = slash - 1;
    while (p > start && isDigit(bytes[p])) p--;
    if (bytes[p] === DASH) return p - 1;
    const length = slash - 1 - p;
    if (length > 0 && length <= MAX_ID_DIGITS) this.group = digits(bytes, p + 1, slash);
    return p;
  }

  /** Flags (of any number of characters, or none) and the stamp with its colon. */
  private readFlagsAndStamp(bytes: Uint8Array, at: number, end: number): boolean {
    let p = skipSpaces(bytes, at, end);
    const first = bytes[p];
    if ((isDigit(first) || first === DASH) && this.readStamp(bytes, p, end)) return true;
    while (p < end && bytes[p] !== SPACE) p++;
    return this.readStamp(bytes, skipSpaces(bytes, p, end), end);
  }

  private readStamp(bytes: Uint8Array, at: number, end: number): boolean {
    const isNegative = bytes[at] === DASH;
    const digitsStart = isNegative ? at + 1 : at;
    let p = digitsStart;
    let whole = 0;
    for (; p < end; p++) {
      const digit = bytes[p]! - ZERO;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    if (p === digitsStart || p - digitsStart > MAX_STAMP_DIGITS) return false;
    let kind: number = STAMP.integer;
    if (bytes[p] === DOT) {
      kind = STAMP.seconds;
      const first = ++p;
      let rest = 0;
      for (; p < end; p++) {
        const digit = bytes[p]! - ZERO;
        if (digit < 0 || digit > 9) break;
        rest = rest * 10 + digit;
      }
      const length = p - first;
      if (length === 0 || length > REST_DIGITS) return false;
      this.stampWhole = whole;
      this.stampRest = rest * TO_REST_DIGITS[length]!;
    } else this.splitInteger(bytes, digitsStart, p);
    if (bytes[p] !== COLON || bytes[p + 1] !== SPACE) return false;
    if (isNegative) this.negate();
    this.stampKind = kind;
    this.stampStart = at;
    this.stampEnd = p;
    this.bodyStart = afterDifference(bytes, skipSpaces(bytes, p + 1, end), end);
    return this.bodyStart < end;
  }

  private negate(): void {
    this.stampWhole = -this.stampWhole;
    this.stampRest = -this.stampRest;
  }

  /** `8503us :` with perhaps a delay mark before the colon (`+ ! # * @ $`). */
  private readMicroseconds(bytes: Uint8Array, at: number, end: number): boolean {
    const isNegative = bytes[at] === DASH;
    const digitsStart = isNegative ? at + 1 : at;
    let p = digitsStart;
    while (p < end && isDigit(bytes[p])) p++;
    if (p === digitsStart || p - digitsStart > MAX_STAMP_DIGITS) return false;
    if (bytes[p] !== LETTER_U || bytes[p + 1] !== LETTER_S) return false;
    this.stampEnd = p;
    p += 3;
    if (bytes[p] !== COLON || bytes[p + 1] !== SPACE) return false;
    this.splitInteger(bytes, digitsStart, this.stampEnd);
    if (isNegative) this.negate();
    this.stampKind = STAMP.microseconds;
    this.stampStart = at;
    this.bodyStart = skipSpaces(bytes, p + 1, end);
    return this.bodyStart < end;
  }

  private readSeconds(bytes: Uint8Array, at: number, end: number): boolean {
    return this.readStamp(bytes, at, end) && this.stampKind === STAMP.seconds;
  }

  private splitInteger(bytes: Uint8Array, start: number, end: number): void {
    const split = Math.max(start, end - REST_DIGITS);
    this.stampWhole = digits(bytes, start, split);
    this.stampRest = digits(bytes, split, end);
  }
}

/** `(+5000)`, the time since the line before, which trace-cmd report --ts-diff puts before the name, passed over. */
function afterDifference(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== OPEN_PARENTHESIS || (bytes[at + 1] !== PLUS && bytes[at + 1] !== DASH)) return at;
  let p = at + 2;
  while (isDigit(bytes[p])) p++;
  return bytes[p] === CLOSE_PARENTHESIS ? skipSpaces(bytes, p + 1, end) : at;
}

/** The number that the digits from `start` up to `end` stand for. */
function digits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let p = start; p < end; p++) value = value * 10 + bytes[p]! - ZERO;
  return value;
}
