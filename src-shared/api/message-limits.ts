/**
 * What a message of a window may hold. A few bytes can claim millions of elements, and nest thousands of times: what a
 * message would cost is found out before it is taken apart.
 *
 * The numbers leave room above the largest message of the contract: `trace.aggregates` on three lists of 65,536 ids,
 * `upload.chunk` with some megabytes of bytes.
 */
export const MESSAGE_LIMITS = {
  /** Bytes of a whole message: an upload's chunk or a scenario's text, with room to spare. */
  bytes: 4 << 20,
  /** Lists and mappings inside each other. */
  depth: 32,
  /** Values in all lists and mappings together. */
  elements: 1 << 18,
  lists: 1 << 14,
  /** Keys of all mappings together. */
  keys: 1 << 14,
} as const;

/** Counts what a message holds. Throws RangeError at the first number that is too high. */
class MessageCounts {
  private elements = 0;
  private lists = 0;
  private keys = 0;

  /** A list or mapping with so many values, inside `depth` others. */
  add(count: number, depth: number, isMapping: boolean): void {
    this.elements += count;
    this.lists++;
    if (isMapping) this.keys += count;
    if (depth >= MESSAGE_LIMITS.depth) throw new RangeError('nested too deeply');
    if (this.elements > MESSAGE_LIMITS.elements) throw new RangeError('too many values');
    if (this.lists > MESSAGE_LIMITS.lists) throw new RangeError('too many lists and mappings');
    if (this.keys > MESSAGE_LIMITS.keys) throw new RangeError('too many keys');
  }
}

/**
 * Checks the structure of a MessagePack message in one pass, which makes nothing: every length that a header declares
 * is there, and all of them together are within {@link MESSAGE_LIMITS}.
 *
 * Source: https://github.com/msgpack/msgpack/blob/master/spec.md
 *
 * @throws RangeError with what is wrong
 */
export function checkPackedStructure(bytes: Uint8Array): void {
  if (bytes.length > MESSAGE_LIMITS.bytes) throw new RangeError('too long');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counts = new MessageCounts();
  /** Values that are still to come, of each list that is open. */
  const due = new Float64Array(MESSAGE_LIMITS.depth + 1);
  due[0] = 1;
  let depth = 0;
  let at = 0;
  const skip = (length: number): void => {
    at += length;
    if (at > bytes.length) throw new RangeError('cut off');
  };
  /** A whole number of 1, 2 or 4 bytes. */
  const number = (width: number): number => {
    const start = at;
    skip(width);
    return width === 1 ? view.getUint8(start) : width === 2 ? view.getUint16(start) : view.getUint32(start);
  };
  const open = (count: number, isMapping: boolean): void => {
    counts.add(count, depth, isMapping);
    due[++depth] = isMapping ? 2 * count : count;
  };
  for (;;) {
    while (due[depth] === 0) if (--depth < 0) break;
    if (depth < 0) break;
    due[depth]!--;
    const head = number(1);
    if (head < 0x80 || head >= 0xe0) continue;
    if (head < 0x90) open(head & 0x0f, true);
    else if (head < 0xa0) open(head & 0x0f, false);
    else if (head < 0xc0) skip(head & 0x1f);
    else if (head === 0xc1) throw new RangeError('an invalid type byte');
    else if (head <= 0xc3) continue;
    else if (head <= 0xc6) skip(number(1 << (head - 0xc4)));
    else if (head <= 0xc9) skip(1 + number(1 << (head - 0xc7)));
    else if (head <= 0xcb) skip(4 << (head - 0xca));
    else if (head <= 0xcf) skip(1 << (head - 0xcc));
    else if (head <= 0xd3) skip(1 << (head - 0xd0));
    else if (head <= 0xd8) skip(1 + (1 << (head - 0xd4)));
    else if (head <= 0xdb) skip(number(1 << (head - 0xd9)));
    else if (head <= 0xdd) open(number(2 << (head - 0xdc)), false);
    else open(number(2 << (head - 0xde)), true);
  }
  if (at !== bytes.length) throw new RangeError('bytes after its end');
}

/**
 * The same for a message that a pipe hands over as values. Also ends on what contains itself.
 *
 * @throws RangeError with what is wrong
 */
export function checkStructure(message: unknown): void {
  const counts = new MessageCounts();
  let bytes = 0;
  /** What is to be looked at, and how deep it lies. */
  const values: unknown[] = [message];
  const depths: number[] = [0];
  while (values.length > 0) {
    const value = values.pop();
    const depth = depths.pop()!;
    if (typeof value === 'string') bytes += value.length;
    else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    else if (typeof value === 'object' && value !== null) {
      const isMapping = !Array.isArray(value);
      const keys = isMapping ? Object.keys(value) : null;
      counts.add(keys?.length ?? (value as unknown[]).length, depth, isMapping);
      for (const key of keys ?? []) bytes += key.length;
      for (const inner of isMapping ? Object.values(value) : (value as unknown[])) {
        values.push(inner);
        depths.push(depth + 1);
      }
    }
    if (bytes > MESSAGE_LIMITS.bytes) throw new RangeError('too long');
  }
}
