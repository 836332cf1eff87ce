/**
 * Inserts rows 64 at a time: twice as fast as one by one.
 *
 * Hot: a caller fills `params` from {@link begin} on and calls {@link end}; nothing is allocated.
 */
import type Database from 'better-sqlite3';

export const ROWS_AT_ONCE = 64;

export class MultiRowInsert {
  /** Values of the rows that wait, row after row. */
  readonly params: number[];
  private readonly columns: number;
  private readonly full: Database.Statement<unknown[]>;
  private readonly single: Database.Statement<unknown[]>;
  private at = 0;

  constructor(db: Database.Database, table: string, columns: readonly string[]) {
    this.columns = columns.length;
    this.params = new Array<number>(columns.length * ROWS_AT_ONCE).fill(0);
    const row = `(${columns.map(() => '?').join(',')})`;
    const into = `INSERT INTO ${table} (${columns.join(',')}) VALUES `;
    this.full = db.prepare(into + Array<string>(ROWS_AT_ONCE).fill(row).join(','));
    this.single = db.prepare(into + row);
  }

  /** Index in {@link params} of the first value of a new row. */
  begin(): number {
    return this.at;
  }

  /** The row begun is filled. */
  end(): void {
    this.at += this.columns;
    if (this.at === this.params.length) {
      this.full.run(this.params);
      this.at = 0;
    }
  }

  /** Writes the rows that wait. */
  flush(): void {
    for (let row = 0; row < this.at; row += this.columns) {
      this.single.run(this.params.slice(row, row + this.columns));
    }
    this.at = 0;
  }
}
