/** A column of numbers by id with room for `index` and some more: where there was none, -1. */
export function grown(column: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  let length = column.length;
  while (length <= index) length *= 2;
  const next = new Int32Array(length).fill(-1);
  next.set(column);
  return next;
}
