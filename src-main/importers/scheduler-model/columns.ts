/** Typed arrays that grow: one number for each CPU, thread or process, indexed by its id. */

export class IntColumn {
  data: Int32Array;
  private readonly initial: number;

  constructor(initial: number, capacity = 64) {
    this.initial = initial;
    this.data = new Int32Array(capacity).fill(initial);
  }

  /** The value of `id`, the initial one where it was never set. */
  get(id: number): number {
    return id < this.data.length ? this.data[id]! : this.initial;
  }

  set(id: number, value: number): void {
    if (id >= this.data.length) this.grow(id);
    this.data[id] = value;
  }

  private grow(id: number): void {
    let capacity = this.data.length;
    while (capacity <= id) capacity *= 2;
    const next = new Int32Array(capacity);
    next.set(this.data);
    next.fill(this.initial, this.data.length);
    this.data = next;
  }
}
