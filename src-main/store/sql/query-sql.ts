/**
 * A person's SQL over a trace. The connection is read-only, cannot attach or load anything, and only
 * statements that return rows are taken.
 */
import { WorkbenchError } from '#shared/base/errors.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { VIEWS } from '../format/views.ts';

export type SqlValue = string | number | bigint | null | Uint8Array;

export interface SqlRows {
  readonly columns: readonly string[];
  /** What each column is called in the table that it comes from, null for what is computed. */
  readonly origins: readonly (string | null)[];
  /** May be read once; rows come from the file as they are taken. */
  readonly rows: Iterable<readonly SqlValue[]>;
}

export interface QueryOptions {
  /** Integers as bigint: those beyond 2^53 would lose digits as numbers. */
  readonly bigIntegers?: boolean;
}

/** First words of statements that read. A PRAGMA can change the connection; its table-valued forms cannot. */
const READING = new Set(['SELECT', 'WITH', 'VALUES', 'EXPLAIN']);

/**
 * Runs one statement. Throws WorkbenchError query-failed where it is none that reads, or is wrong; reading
 * `rows` may throw it, too.
 */
export function queryTrace(trace: TraceDatabase, sql: string, options: QueryOptions = {}): SqlRows {
  const refuse = (why: string, cause?: unknown): WorkbenchError =>
    new WorkbenchError('query-failed', why, { file: trace.path, sql }, { cause });
  if (!READING.has(firstWord(sql))) {
    throw refuse('A trace is read-only: the statement must begin with SELECT, WITH, VALUES or EXPLAIN.');
  }
  return failing(refuse, () => {
    useOwnViews(trace);
    const statement = trace.db.prepare(sql);
    if (!statement.reader || !statement.readonly) {
      throw refuse('A trace is read-only: the statement would change something, or returns nothing.');
    }
    const described = statement.columns();
    if (options.bigIntegers === true) statement.safeIntegers();
    const iterator = statement.raw().iterate();
    return {
      columns: described.map(({ name }) => name),
      origins: described.map(({ column }) => column),
      rows: {
        *[Symbol.iterator]() {
          try {
            for (;;) {
              const next = failing(refuse, () => iterator.next());
              if (next.done === true) return;
              yield sqlRow(next.value);
            }
          } finally {
            iterator.return?.();
          }
        },
      },
    };
  });
}

/** SQLite has no values of other types; the row is one of {@link queryTrace}. */
const sqlRow = (row: unknown): SqlValue[] => (Array.isArray(row) ? (row as SqlValue[]) : []);

function failing<T>(refuse: (why: string, cause: unknown) => WorkbenchError, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof WorkbenchError) throw thrown;
    throw refuse(`The query failed: ${(thrown as Error).message}.`, thrown);
  }
}

/** Temporary views of the same names win over those in the file, which may be anything. */
function useOwnViews(trace: TraceDatabase): void {
  trace.cached('ownViews', () => {
    for (const [name, select] of Object.entries(VIEWS)) {
      trace.db.exec(`DROP VIEW IF EXISTS temp.${name}; CREATE TEMP VIEW ${name} AS ${select}`);
    }
    return true;
  });
}

/** The first keyword, upper case, behind white space and comments. */
function firstWord(sql: string): string {
  const bare = sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*/, '');
  return (/^[A-Za-z]+/.exec(bare)?.[0] ?? '').toUpperCase();
}
