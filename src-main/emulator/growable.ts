/** Typed columns that grow with the highest id used. */

/** `column`, or a copy of it with room for `id` and `fill` in the new fields. */
export function withRoom<Column extends Int32Array | Uint8Array | Float64Array>(
  column: Column,
  id: number,
  fill: number,
): Column {
  if (id < column.length) return column;
  let capacity = Math.max(16, column.length);
  while (capacity <= id) capacity *= 2;
  const next = new (column.constructor as new (length: number) => Column)(capacity);
  next.set(column);
  if (fill !== 0) next.fill(fill, column.length);
  return next;
}
