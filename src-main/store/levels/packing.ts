/**
 * Columns of whole numbers as bytes, each value as the distance from the column's smallest in as many bytes
 * as the largest distance needs (0, 1, 2, 4, or 8). Where the values themselves need no more, they are kept as they
 * are: reading them is copying.
 *
 *   rows u16, columns u16, 4 bytes unused | what to add to each column, f64 | width of each column, u8
 *   | padding to a multiple of 8 | the columns, widest first
 *
 * Little-endian. A column of width 8 holds the values themselves as f64.
 */
import { InvariantError } from '#shared/base/assert.ts';

const HEADER_BYTES = 8;
const WIDTHS = [8, 4, 2, 1] as const;

/** What is packed: any array of whole numbers below 2^53. */
export interface Values {
  readonly [index: number]: number;
}

/** What they are unpacked into: a typed array wide enough for what was packed. */
export interface Unpacked {
  [index: number]: number;
  set(values: ArrayLike<number>): void;
  fill(value: number): void;
}

/** The first `length` values of each column. Hot once a chunk; allocates the result only. */
export function packColumns(columns: readonly Values[], length: number): Uint8Array<ArrayBuffer> {
  const bases = new Float64Array(columns.length);
  const widths = new Uint8Array(columns.length);
  let bytes = dataStart(columns.length);
  columns.forEach((column, c) => {
    let least = column[0]!;
    let most = least;
    for (let row = 1; row < length; row++) {
      const value = column[row]!;
      if (value < least) least = value;
      else if (value > most) most = value;
    }
    const width = least === most ? 0 : bytesFor(most - least);
    bases[c] = width > 0 && least >= 0 && bytesFor(most) === width ? 0 : width === 8 ? 0 : least;
    widths[c] = width;
    bytes += width * length;
  });
  const packed = new ArrayBuffer(bytes);
  const header = new Uint16Array(packed, 0, 2);
  header[0] = length;
  header[1] = columns.length;
  new Float64Array(packed, HEADER_BYTES, columns.length).set(bases);
  new Uint8Array(packed, HEADER_BYTES + columns.length * 8, columns.length).set(widths);
  let at = dataStart(columns.length);
  for (const width of WIDTHS) {
    for (let c = 0; c < columns.length; c++) {
      if (widths[c] !== width) continue;
      const column = columns[c]!;
      const base = bases[c]!;
      const data = view(packed, at, width, length);
      for (let row = 0; row < length; row++) data[row] = column[row]! - base;
      at += width * length;
    }
  }
  return new Uint8Array(packed);
}

/**
 * Fills columns made by `allocate` with what {@link packColumns} packed. Throws InvariantError where the bytes
 * are not `columns` columns of at most `most` rows.
 */
export function unpackColumns<C extends Unpacked>(
  bytes: Uint8Array,
  columns: number,
  most: number,
  allocate: (column: number, length: number) => C,
): C[] {
  const start = dataStart(columns);
  if (bytes.byteLength < start) throw new InvariantError('a chunk is too short');
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const packed = aligned.buffer as ArrayBuffer;
  const offset = aligned.byteOffset;
  const [length, count] = new Uint16Array(packed, offset, 2);
  if (count !== columns || length! > most) throw new InvariantError('a chunk has a broken header');
  const bases = new Float64Array(packed, offset + HEADER_BYTES, columns);
  const widths = new Uint8Array(packed, offset + HEADER_BYTES + columns * 8, columns);
  const expected = widths.reduce((sum, width) => sum + width * length!, start);
  if (expected !== bytes.byteLength) throw new InvariantError('a chunk has a broken length');
  const result = widths.reduce<C[]>((made, _, c) => {
    made.push(allocate(c, length!));
    return made;
  }, []);
  let at = offset + start;
  for (let c = 0; c < columns; c++) {
    if (widths[c] === 0) result[c]!.fill(bases[c]!);
  }
  for (const width of WIDTHS) {
    for (let c = 0; c < columns; c++) {
      if (widths[c] !== width) continue;
      const base = bases[c]!;
      const data = view(packed, at, width, length!);
      const column = result[c]!;
      // Narrow columns wrap here and wrap back below: the sum is exact again.
      column.set(data);
      if (base !== 0) for (let row = 0; row < length!; row++) column[row] = column[row]! + base;
      at += width * length!;
    }
  }
  return result;
}

/** Bytes that a whole number needs. */
function bytesFor(value: number): (typeof WIDTHS)[number] {
  return value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x1_0000_0000 ? 4 : 8;
}

function dataStart(columns: number): number {
  return HEADER_BYTES + columns * 8 + Math.ceil(columns / 8) * 8;
}

function view(
  buffer: ArrayBuffer,
  at: number,
  width: (typeof WIDTHS)[number],
  length: number,
): Float64Array | Uint32Array | Uint16Array | Uint8Array {
  switch (width) {
    case 8:
      return new Float64Array(buffer, at, length);
    case 4:
      return new Uint32Array(buffer, at, length);
    case 2:
      return new Uint16Array(buffer, at, length);
    case 1:
      return new Uint8Array(buffer, at, length);
  }
}
