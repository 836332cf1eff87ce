/**
 * Chunks of bytes to lines. Calls back for each line with its place in a buffer; nothing is copied but the
 * line that two chunks share.
 */
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A line longer than this is no line of a trace; it is dropped without being kept in memory. */
const MAX_LINE_BYTES = 64 * 1024;

export class LineScanner {
  /** Lines seen so far; while a line is being delivered, its number. */
  lines = 0;
  /** Of these, empty ones that were not delivered. */
  emptyLines = 0;
  private readonly onLine: (bytes: Buffer, start: number, end: number, number: number) => void;
  private readonly onTooLong: (number: number, text: string) => void;
  /** Start of a line whose end has not come yet. */
  private rest: Buffer | null = null;
  private dropping = false;

  constructor(
    onLine: (bytes: Buffer, start: number, end: number, number: number) => void,
    onTooLong: (number: number, text: string) => void,
  ) {
    this.onLine = onLine;
    this.onTooLong = onTooLong;
  }

  push(chunk: Buffer): void {
    let start = 0;
    if (this.rest !== null || this.dropping) {
      const end = chunk.indexOf(LINE_FEED);
      if (end < 0) {
        this.keep(chunk);
        return;
      }
      if (this.dropping) this.dropping = false;
      else this.deliverJoined(chunk.subarray(0, end));
      start = end + 1;
    }
    start = this.deliverWhole(chunk, start);
    if (start < chunk.length) this.keep(chunk.subarray(start));
  }

  /**
   * Delivers the lines of a chunk that end in it. Returns where its last line, without an end, begins.
   *
   * Hot, and by itself: where more follows such a loop, the engine compiles it for the loop alone, and again each time
   * that the loop is left.
   */
  private deliverWhole(chunk: Buffer, start: number): number {
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) return start;
      this.deliver(chunk, start, end);
      start = end + 1;
      // Of empty lines that follow each other the first says all: a file may have thousands of millions.
      if (end > 0 && chunk[end - 1] === LINE_FEED) {
        const first = start;
        while (chunk[start] === LINE_FEED) start++;
        this.lines += start - first;
        this.emptyLines += start - first;
      }
    }
  }

  /** Delivers a last line without a line break. */
  end(): void {
    if (this.rest !== null) this.deliverJoined(Buffer.alloc(0));
    this.dropping = false;
  }

  private deliverJoined(tail: Buffer): void {
    const line = Buffer.concat([this.rest!, tail]);
    this.rest = null;
    this.deliver(line, 0, line.length);
  }

  private deliver(bytes: Buffer, start: number, end: number): void {
    this.lines++;
    if (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--;
    if (end - start > MAX_LINE_BYTES) this.onTooLong(this.lines, textOf(bytes, start));
    else this.onLine(bytes, start, end, this.lines);
  }

  private keep(part: Buffer): void {
    if (this.dropping) return;
    // Copied: the chunk's memory belongs to the stream.
    const joined = this.rest === null ? Buffer.from(part) : Buffer.concat([this.rest, part]);
    if (joined.length <= MAX_LINE_BYTES) {
      this.rest = joined;
      return;
    }
    this.lines++;
    this.onTooLong(this.lines, textOf(joined, 0));
    this.rest = null;
    this.dropping = true;
  }
}

function textOf(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start, Math.min(bytes.length, start + 400));
}
