/** Inserts what a {@link Derivation} hands over into the derived tables of a database. */
import type Database from 'better-sqlite3';
import {
  NUMBER_TABLES,
  PACKED_TABLES,
  type DerivedBatch,
  type NumberTable,
  type PackedTable,
  type PackedValue,
} from './derive/derived-batch.ts';
import { filledColumns } from './derive/derived-row-columns.ts';
import { MultiRowInsert } from './multi-row-insert.ts';
import { columnNames } from './schema.ts';

export class DerivedTables {
  private readonly numbers: Record<NumberTable, MultiRowInsert>;
  private readonly chunk: Database.Statement<PackedValue[]>;
  private readonly packed: Record<PackedTable, Database.Statement<PackedValue[]>>;

  constructor(db: Database.Database) {
    this.numbers = Object.fromEntries(
      NUMBER_TABLES.map((table) => [table, new MultiRowInsert(db, table, filledColumns(table))]),
    ) as Record<NumberTable, MultiRowInsert>;
    this.chunk = upsert(db, 'chunk');
    this.packed = Object.fromEntries(PACKED_TABLES.map((table) => [table, upsert(db, table)])) as Record<
      PackedTable,
      Database.Statement<PackedValue[]>
    >;
  }

  /** Inserts a batch; rows of numbers may wait until {@link flush}. */
  write(batch: DerivedBatch): void {
    for (const { table, values, length } of batch.numbers) this.numbers[table].write(values, length);
    const { ids, ends, bytes } = batch.chunks;
    let from = 0;
    ids.forEach((id, i) => {
      this.chunk.run(id, bytes.subarray(from, ends[i]));
      from = ends[i]!;
    });
    for (const { table, values } of batch.packed) this.packed[table].run(...values);
  }

  /** Inserts the rows that wait. */
  flush(): void {
    for (const table of NUMBER_TABLES) this.numbers[table].flush();
  }
}

function upsert(db: Database.Database, table: PackedTable | 'chunk'): Database.Statement<PackedValue[]> {
  const [key, ...others] = columnNames(table);
  const updates = others.map((name) => `${name} = excluded.${name}`);
  return db.prepare(
    `INSERT INTO ${table} VALUES (?${',?'.repeat(others.length)})
     ON CONFLICT (${key}) DO UPDATE SET ${updates.join(', ')}`,
  );
}
