/**
 * Lines that are not in order of time, put in order: tools that drain one buffer a CPU after the other write
 * them so. A window of the last lines is held; the older half of it goes on when it is full. A line that
 * comes later than that goes on at once, and is counted as a step back in time further on.
 */
const WINDOW_BYTES = 32 << 20;
const WINDOW_LINES = 1 << 18;

type Deliver = (bytes: Buffer, start: number, end: number, number: number) => void;

export class Reorder {
  private readonly deliver: Deliver;
  private readonly timeOf: (bytes: Buffer, start: number, end: number) => number;
  private bytes = Buffer.allocUnsafe(WINDOW_BYTES);
  private spare: Buffer<ArrayBuffer> | null = null;
  private used = 0;
  private count = 0;
  private readonly time = new Float64Array(WINDOW_LINES);
  private readonly number = new Float64Array(WINDOW_LINES);
  private readonly start = new Uint32Array(WINDOW_LINES);
  private readonly end = new Uint32Array(WINDOW_LINES);
  private inOrder = true;

  /** @param timeOf time of a line in any unit, NaN for one without: it goes on at once */
  constructor(timeOf: (bytes: Buffer, start: number, end: number) => number, deliver: Deliver) {
    this.timeOf = timeOf;
    this.deliver = deliver;
  }

  push(bytes: Buffer, start: number, end: number, number: number): void {
    const time = this.timeOf(bytes, start, end);
    if (Number.isNaN(time)) {
      this.deliver(bytes, start, end, number);
      return;
    }
    const length = end - start;
    if (this.count === WINDOW_LINES || this.used + length > WINDOW_BYTES) this.flush(this.count >>> 1);
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

  private keep(rows: Uint32Array): void {
    const next = this.spare ?? Buffer.allocUnsafe(rows.length === 0 ? 0 : WINDOW_BYTES);
    let used = 0;
    const held = [...rows].map((row) => {
      const start = used;
      used += this.bytes.copy(next, used, this.start[row]!, this.end[row]!);
      return { time: this.time[row]!, number: this.number[row]!, start, end: used };
    });
    held.forEach(({ time, number, start, end }, row) => {
      this.time[row] = time;
      this.number[row] = number;
      this.start[row] = start;
      this.end[row] = end;
    });
    if (rows.length > 0) {
      this.spare = this.bytes;
      this.bytes = next;
    }
    this.count = held.length;
    this.used = used;
    this.inOrder = true;
  }
}
