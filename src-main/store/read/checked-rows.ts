/**
 * Rows whose columns are of the types that they should be: a damaged file may hold anything anywhere, and a row that is
 * only cast carries it on. Every read of the store goes through here (a lint rule refuses the cast).
 *
 * Each row is looked at: SQLite types values, not columns. A row of five integers takes some 300 ns to
 * read, and some 30 of looking at (288 for both where it is quickest, 255 without).
 */
import type Database from 'better-sqlite3';
import type { Cell } from '#shared/base/csv.ts';
import { InvariantError } from '#shared/base/assert.ts';

interface ColumnTypes {
  readonly integer: number;
  readonly integerOrNull: number | null;
  readonly number: number;
  readonly text: string;
  readonly textOrNull: string | null;
  readonly bytes: Uint8Array;
  /** Whatever SQLite has. */
  readonly cell: Cell;
  /** For values that are looked at where they are used. */
  readonly any: unknown;
}
export type ColumnType = keyof ColumnTypes;

type Row<Types extends readonly ColumnType[]> = { -readonly [At in keyof Types]: ColumnTypes[Types[At]] };

const IS_TYPE: { readonly [Type in ColumnType]: (value: unknown) => boolean } = {
  integer: (value) => Number.isSafeInteger(value),
  integerOrNull: (value) => value === null || Number.isSafeInteger(value),
  number: (value) => Number.isFinite(value),
  text: (value) => typeof value === 'string',
  textOrNull: (value) => value === null || typeof value === 'string',
  bytes: (value) => value instanceof Uint8Array,
  cell: (value) =>
    value === null || ['string', 'number', 'bigint'].includes(typeof value) || value instanceof Uint8Array,
  any: () => true,
};

/** What prepares statements that return rows as arrays: a TraceDatabase, or {@link rowsAsArrays}. */
export interface StatementSource {
  prepare(sql: string): Database.Statement<unknown[]>;
}

/** Statements of a database whose rows are arrays. */
export const rowsAsArrays = (db: Database.Database): StatementSource => ({
  prepare: (sql) => db.prepare<unknown[]>(sql).raw(),
});

/** All rows of a statement. Throws InvariantError where a value is of another type than `types` says. */
export function checkedRows<const Types extends readonly ColumnType[]>(
  source: StatementSource,
  sql: string,
  types: Types,
  ...parameters: readonly unknown[]
): Row<Types>[] {
  const rows = source.prepare(sql).all(...parameters);
  return rows.map((row) => checked(row, sql, types));
}

/** The first row of a statement, undefined where there is none. Throws InvariantError like {@link checkedRows}. */
export function checkedRow<const Types extends readonly ColumnType[]>(
  source: StatementSource,
  sql: string,
  types: Types,
  ...parameters: readonly unknown[]
): Row<Types> | undefined {
  const row = source.prepare(sql).get(...parameters);
  return row === undefined ? undefined : checked(row, sql, types);
}

/** The rows of a statement one by one, for those that are many. Throws InvariantError like {@link checkedRows}. */
export function* eachCheckedRow<const Types extends readonly ColumnType[]>(
  source: StatementSource,
  sql: string,
  types: Types,
  ...parameters: readonly unknown[]
): Generator<Row<Types>, void, undefined> {
  for (const row of source.prepare(sql).iterate(...parameters)) yield checked(row, sql, types);
}

function checked<Types extends readonly ColumnType[]>(row: unknown, sql: string, types: Types): Row<Types> {
  if (!Array.isArray(row)) throw new InvariantError(`rows are not arrays: ${sql}`);
  for (let at = 0; at < types.length; at++) {
    const type = types[at]!;
    if (!IS_TYPE[type](row[at]))
      throw new InvariantError(`a table holds ${typeof row[at]} where ${type} belongs: ${sql}`);
  }
  return row as Row<Types>;
}
