/** A stream of bytes whose beginning can be looked at before it is read. */
export class Peekable implements AsyncIterable<Buffer> {
  private readonly source: AsyncIterator<Buffer>;
  private readonly ahead: Buffer[] = [];
  private ended = false;
  private failure: Error | null = null;

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Whether {@link peek} came to the end: what it returned is all there is. */
  get isWholeAhead(): boolean {
    return this.ended;
  }

  /**
   * The first bytes of what has not been read: `bytes` of them at least, or all that there are. A failure on
   * the way is thrown where reading comes to it, not here.
   */
  async peek(bytes: number): Promise<Buffer> {
    let length = this.ahead.reduce((sum, chunk) => sum + chunk.length, 0);
    while (length < bytes && !this.ended) {
      try {
        const next = await this.source.next();
        if (next.done === true) this.ended = true;
        else {
          this.ahead.push(next.value);
          length += next.value.length;
        }
      } catch (thrown) {
        this.ended = true;
        this.failure = thrown instanceof Error ? thrown : new Error(String(thrown));
      }
    }
    const all = this.ahead.length === 1 ? this.ahead[0]! : Buffer.concat(this.ahead);
    this.ahead.splice(0, Infinity, ...(length > 0 ? [all] : []));
    return all;
  }

  /** Passes over the first `bytes` of what {@link peek} returned. */
  skip(bytes: number): void {
    const [first] = this.ahead;
    if (first === undefined || bytes === 0) return;
    if (bytes >= first.length) this.ahead.shift();
    else this.ahead[0] = first.subarray(bytes);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const held = this.ahead.shift();
      if (held !== undefined) {
        yield held;
        continue;
      }
      if (this.failure !== null) throw this.failure;
      if (this.ended) return;
      const next = await this.source.next();
      if (next.done === true) this.ended = true;
      else yield next.value;
    }
  }
}
