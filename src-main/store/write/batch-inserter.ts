/** Inserts what a {@link Derivation} hands over into the derived tables of a database. */
import type Database from 'better-sqlite3';
import {
  NUMBER_TABLES,
  PACKED_TABLES,
  type ChunkRows,
  type DerivedBatch,
  type NumberTable,
  type PackedTable,
  type PackedValue,
  type RowValues,
} from '../derive/derived-batch.ts';
import { filledColumns } from '../derive/table-buffers.ts';
import { MultiRowInsert } from './multi-row-insert.ts';
import { columnNames } from '../format/schema.ts';

export class BatchInserter {
  private readonly numbers: Record<NumberTable, MultiRowInsert>;
  private readonly chunk: Database.Statement<PackedValue[]>;
  private readonly series: Database.Statement<number[]>;
  private readonly packed: Record<PackedTable, Database.Statement<PackedValue[]>>;

  constructor(db: Database.Database) {
    this.numbers = Object.fromEntries(
      NUMBER_TABLES.map((table) => [table, new MultiRowInsert(db, table, filledColumns(table))]),
    ) as Record<NumberTable, MultiRowInsert>;
    this.chunk = upsert(db, 'chunk');
    this.series = upsert(db, 'series');
    this.packed = Object.fromEntries(PACKED_TABLES.map((table) => [table, upsert(db, table)])) as Record<
      PackedTable,
      Database.Statement<PackedValue[]>
    >;
  }

  /** Inserts a batch; rows of numbers may wait until {@link flush}. */
  write(batch: DerivedBatch): void {
    for (const { table, values, length } of batch.numbers) this.numbers[table].write(values, length);
    this.writeChunks(batch.chunks);
    this.writeSeries(batch.series);
    for (const { table, values } of batch.packed) this.packed[table].run(...values);
  }

  private writeChunks({ rows: { values, length }, bytes }: ChunkRows): void {
    let from = 0;
    for (let at = 0; at < length; at += 2) {
      const end = values[at + 1]!;
      this.chunk.run(values[at]!, bytes.subarray(from, end));
      from = end;
    }
  }

  private writeSeries({ values, length }: RowValues): void {
    for (let at = 0; at < length; at += 4) {
      this.series.run(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!);
    }
  }

  /** Inserts the rows that wait. */
  flush(): void {
    for (const table of NUMBER_TABLES) this.numbers[table].flush();
  }
}

function upsert(
  db: Database.Database,
  table: PackedTable | 'chunk' | 'series',
): Database.Statement<PackedValue[]> {
  const [key, ...others] = columnNames(table);
  const updates = others.map((name) => `${name} = excluded.${name}`);
  return db.prepare(
    `INSERT INTO ${table} VALUES (?${',?'.repeat(others.length)})
     ON CONFLICT (${key}) DO UPDATE SET ${updates.join(', ')}`,
  );
}
