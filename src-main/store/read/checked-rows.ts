/** Rows whose columns are of the types that they should be: a damaged file may hold anything anywhere. */
import { InvariantError } from '#shared/base/assert.ts';
import type { TraceDatabase } from './trace-database.ts';

interface ColumnTypes {
  readonly integer: number;
  readonly integerOrNull: number | null;
  readonly text: string;
  readonly textOrNull: string | null;
  readonly bytes: Uint8Array;
}
export type ColumnType = keyof ColumnTypes;

const IS_TYPE: { readonly [Type in ColumnType]: (value: unknown) => boolean } = {
  integer: (value) => Number.isSafeInteger(value),
  integerOrNull: (value) => value === null || Number.isSafeInteger(value),
  text: (value) => typeof value === 'string',
  textOrNull: (value) => value === null || typeof value === 'string',
  bytes: (value) => value instanceof Uint8Array,
};

/** All rows of a statement. Throws InvariantError where a value is of another type than `types` says. */
export function checkedRows<const Types extends readonly ColumnType[]>(
  trace: TraceDatabase,
  sql: string,
  types: Types,
): { -readonly [At in keyof Types]: ColumnTypes[Types[At]] }[] {
  const rows = trace.prepare(sql).all() as unknown[][];
  for (const row of rows) {
    const wrong = types.findIndex((type, at) => !IS_TYPE[type](row[at]));
    if (wrong >= 0)
      throw new InvariantError(`a table holds ${typeof row[wrong]} where ${types[wrong]!} belongs: ${sql}`);
  }
  return rows as { -readonly [At in keyof Types]: ColumnTypes[Types[At]] }[];
}
