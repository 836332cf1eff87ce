/**
 * Whole numbers from -1 to 2^53 - 2 as bytes, small ones in one: what sums are stored as.
 *
 * One description of what there is serves both directions: `x = list.next(x)` writes x, or reads it.
 */
import { InvariantError } from '#shared/base/assert.ts';

export interface NumberList {
  /** Writes `value` and returns it, or returns what was written at this place. */
  next(value: number): number;
  readonly isReading: boolean;
}

export class NumberWriter implements NumberList {
  readonly isReading = false;
  private bytes = new Uint8Array(256);
  private length = 0;

  next(value: number): number {
    if (this.length + 8 > this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    let rest = value + 1;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
    return value;
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}

/** Throws InvariantError where the bytes end too early, or are no numbers. */
export class NumberReader implements NumberList {
  readonly isReading = true;
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  next(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined || scale > 2 ** 49) throw new InvariantError('sums are cut short');
      value += (byte % 128) * scale;
      if (byte < 128) return value - 1;
      scale *= 128;
    }
  }
}

/** All values of a column, of which most are zero. */
export function transferColumn(list: NumberList, column: Float64Array): void {
  if (list.isReading) {
    let more = list.next(0);
    while (more-- > 0) {
      const at = list.next(0);
      if (!(at >= 0 && at < column.length)) throw new InvariantError('sums have a broken index');
      column[at] = list.next(0);
    }
    return;
  }
  list.next(column.reduce((count, value) => count + (value === 0 ? 0 : 1), 0));
  column.forEach((value, at) => {
    if (value === 0) return;
    list.next(at);
    list.next(value);
  });
}

/** The entries of a map, in order of insertion. */
export function transferMap<V>(
  list: NumberList,
  map: Map<number, V>,
  create: () => V,
  transfer: (value: V) => void,
): void {
  let more = list.next(map.size);
  if (list.isReading) {
    while (more-- > 0) {
      const value = create();
      map.set(list.next(0), value);
      transfer(value);
    }
    return;
  }
  for (const [key, value] of map) {
    list.next(key);
    transfer(value);
  }
}
