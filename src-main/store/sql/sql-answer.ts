/** A person's query run to its end or to its limits, and kept as columns to be read page by page. */
import type { SqlColumn, SqlPage, SqlRole, SqlTruncation } from '#shared/api/contract.ts';
import { queryTrace, type SqlValue } from './query-sql.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

type Cell = Exclude<SqlValue, bigint>;

/** What one answer may take in memory; text and blobs are counted, numbers taken for 8 bytes. */
const MOST_BYTES = 64 << 20;

export class SqlAnswer {
  readonly columns: readonly SqlColumn[];
  readonly truncated: SqlTruncation | null;
  rows = 0;
  private readonly values: Cell[][];

  /** Throws WorkbenchError query-failed. */
  constructor(trace: TraceDatabase, sql: string, rowLimit: number) {
    const { columns, origins, rows } = queryTrace(trace, sql, { bigIntegers: true });
    this.columns = columns.map((name, at) => ({ name, role: roleOf(origins[at] ?? name) }));
    this.values = columns.map(() => []);
    let bytes = 0;
    let truncated: SqlTruncation | null = null;
    for (const row of rows) {
      if (this.rows >= rowLimit) {
        truncated = 'rows';
        break;
      }
      row.forEach((value, column) => {
        this.values[column]!.push(exact(value));
        bytes += bytesOf(value);
      });
      this.rows++;
      if (bytes >= MOST_BYTES) {
        truncated = 'bytes';
        break;
      }
    }
    this.truncated = truncated;
  }

  /** Rows from `first` on, as many as there are of `count`. */
  page(first: number, count: number): SqlPage {
    const from = Math.min(first, this.rows);
    const to = Math.min(this.rows, from + count);
    return { first: from, count: to - from, values: this.values.map((column) => packed(column, from, to)) };
  }
}

function packed(column: readonly Cell[], from: number, to: number): SqlPage['values'][number] {
  const values = column.slice(from, to);
  if (values.every((value) => typeof value === 'number')) return Float64Array.from(values);
  return values;
}

/** A number where a double holds the integer, else its digits. */
function exact(value: SqlValue): Cell {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function bytesOf(value: SqlValue): number {
  if (typeof value === 'string') return value.length * 2 + 16;
  return value instanceof Uint8Array ? value.byteLength + 64 : 8;
}

/** Columns of tables and views that mean something to a timeline, by their names in them. */
const ROLES: Readonly<Record<string, SqlRole>> = {
  time_ns: 'time',
  start_ns: 'time',
  end_ns: 'time',
  first_deferred_ns: 'time',
  yield_asked_ns: 'time',
  yielded_ns: 'time',
  wake_ns: 'time',
  run_ns: 'time',
  seq: 'sequence',
  start_seq: 'sequence',
  end_seq: 'sequence',
  wake_seq: 'sequence',
  lwp: 'lwp',
  other: 'lwp',
  holder: 'lwp',
  waker: 'lwp',
  cpu: 'cpu',
  run_cpu: 'cpu',
  waker_cpu: 'cpu',
  sync: 'sync',
  process: 'process',
};

function roleOf(column: string): SqlRole | null {
  return Object.hasOwn(ROLES, column) ? ROLES[column]! : null;
}
