/** Columns whose length is not known beforehand, for results of queries. */

type Numbers = Float64Array | Float32Array | Int32Array | Int16Array | Uint16Array | Uint8Array | Uint32Array;

export class GrowingColumn<T extends Numbers> {
  length = 0;
  data: T;
  private readonly type: new (length: number) => T;

  constructor(type: new (length: number) => T, capacity = 64) {
    this.type = type;
    this.data = new type(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      const next = new this.type(this.data.length * 2);
      next.set(this.data);
      this.data = next;
    }
    this.data[this.length++] = value;
  }

  /** A copy of the values so far, of exactly their number. */
  take(): T {
    return this.data.slice(0, this.length) as T;
  }
}
