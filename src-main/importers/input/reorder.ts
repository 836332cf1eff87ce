/**
 * Lines that are not in order of time, put in order: tools that drain one buffer a CPU after the other write
 * them so. A look-ahead of the last lines is held; the older half of it goes on when it is full. A line that
 * comes later than that goes on at once, and is counted as a step back in time further on.
 */
export interface LookAhead {
  readonly bytes: number;
  readonly lines: number;
}
/** Some seconds of a busy machine. */
const LOOK_AHEAD: LookAhead = { bytes: 32 << 20, lines: 1 << 18 };
const FIRST_BYTES = 1 << 16;
const FIRST_LINES = 1 << 10;

type Deliver = (bytes: Buffer, start: number, end: number, number: number) => void;

export class Reorder {
  private readonly deliver: Deliver;
  private readonly timeOf: (bytes: Buffer, start: number, end: number) => number;
  private readonly lookAhead: LookAhead;
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private used = 0;
  private count = 0;
  private time = new Float64Array(FIRST_LINES);
  private number = new Float64Array(FIRST_LINES);
  private start = new Uint32Array(FIRST_LINES);
  private end = new Uint32Array(FIRST_LINES);
  private inOrder = true;

  /** @param timeOf time of a line in any unit, NaN for one without: it goes on at once */
  constructor(
    timeOf: (bytes: Buffer, start: number, end: number) => number,
    deliver: Deliver,
    lookAhead: LookAhead = LOOK_AHEAD,
  ) {
    this.timeOf = timeOf;
    this.deliver = deliver;
    this.lookAhead = lookAhead;
  }

  push(bytes: Buffer, start: number, end: number, number: number): void {
    const time = this.timeOf(bytes, start, end);
    if (Number.isNaN(time)) {
      this.deliver(bytes, start, end, number);
      return;
    }
    const length = end - start;
    if (this.count === this.lookAhead.lines || this.used + length > this.lookAhead.bytes) {
      this.flush((this.count + 1) >>> 1);
    }
    this.makeRoom(this.used + length);
    if (this.count === this.time.length) this.makeRows();
    const row = this.count++;
    if (row > 0 && time < this.time[row - 1]!) this.inOrder = false;
    this.time[row] = time;
    this.number[row] = number;
    this.start[row] = this.used;
    bytes.copy(this.bytes, this.used, start, end);
    this.used += length;
    this.end[row] = this.used;
  }

  /** All lines have come: hands on what is held. */
  finish(): void {
    this.flush(this.count);
  }

  /** Hands on the `lines` oldest lines and keeps the others. */
  private flush(lines: number): void {
    const { time, number } = this;
    const order = Uint32Array.from({ length: this.count }, (_, row) => row);
    if (!this.inOrder) order.sort((a, b) => time[a]! - time[b]! || number[a]! - number[b]!);
    for (let i = 0; i < lines; i++) {
      const row = order[i]!;
      this.deliver(this.bytes, this.start[row]!, this.end[row]!, number[row]!);
    }
    this.keep(order.subarray(lines));
  }

  private makeRows(): void {
    const rows = this.time.length * 2;
    const grow = <Column extends Float64Array | Uint32Array>(next: Column, column: Column): Column => {
      next.set(column);
      return next;
    };
    this.time = grow(new Float64Array(rows), this.time);
    this.number = grow(new Float64Array(rows), this.number);
    this.start = grow(new Uint32Array(rows), this.start);
    this.end = grow(new Uint32Array(rows), this.end);
  }

  private makeRoom(bytes: number): void {
    if (bytes <= this.bytes.length) return;
    const next = Buffer.allocUnsafe(Math.max(bytes, this.bytes.length * 2));
    this.bytes.copy(next, 0, 0, this.used);
    this.bytes = next;
  }

  /** Moves the lines that are kept to the front. */
  private keep(rows: Uint32Array): void {
    const held = rows.length === 0 ? this.bytes : Buffer.allocUnsafe(this.bytes.length);
    const time = Float64Array.from(rows, (row) => this.time[row]!);
    const number = Float64Array.from(rows, (row) => this.number[row]!);
    let used = 0;
    const ends = Uint32Array.from(rows, (row) => {
      used += this.bytes.copy(held, used, this.start[row], this.end[row]);
      return used;
    });
    this.time.set(time);
    this.number.set(number);
    this.end.set(ends);
    this.start[0] = 0;
    if (ends.length > 1) this.start.set(ends.subarray(0, -1), 1);
    this.bytes = held;
    this.count = rows.length;
    this.used = used;
    this.inOrder = true;
  }
}
