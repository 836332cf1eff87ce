/**
 * Rows as Parquet: snappy, row groups of 65,536, every column plain (no nesting).
 *
 * A file is written row group by row group, so memory does not grow with the rows. The columns' descriptions travel in
 * the file's key-value metadata.
 */
import {
  ByteWriter,
  ParquetWriter,
  type ColumnSource,
  type SchemaElement,
  type Writer,
} from 'hyparquet-writer';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { Cell } from '#shared/base/csv.ts';
import type { ExportColumn, ExportColumnType } from './export-tables.ts';
import type { PartialFile } from './partial-file.ts';

const ROW_GROUP = 65_536;

const PARQUET_TYPE: Readonly<Record<ExportColumnType, Pick<SchemaElement, 'type' | 'converted_type'>>> = {
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

type ParquetColumn = Pick<ExportColumn, 'name' | 'type' | 'nullable'> & { readonly about?: string };

export interface ParquetOptions {
  /** Kept in the file as key-value metadata, besides the columns' descriptions. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdBy: string;
}

/** Takes rows one by one; {@link ParquetRows.finish} ends the file. */
export class ParquetRows {
  private readonly file: PartialFile;
  private readonly options: ParquetOptions;
  private columns: readonly ParquetColumn[] | null;
  private readonly names: readonly string[];
  private writer: ParquetWriter | null = null;
  private cells: Cell[][];
  private rows = 0;

  /** @param columns names and types, or names alone: then the first row group decides the types */
  constructor(
    file: PartialFile,
    columns: readonly ParquetColumn[] | readonly string[],
    options: ParquetOptions,
  ) {
    this.file = file;
    this.options = options;
    this.names = columns.map((column) => (typeof column === 'string' ? column : column.name));
    this.columns = columns.every((column) => typeof column !== 'string') ? columns : null;
    this.cells = this.names.map(() => []);
  }

  /** Throws WorkbenchError query-failed for a value that does not fit its column, and what writing throws. */
  add(row: readonly Cell[]): void {
    for (let column = 0; column < this.cells.length; column++) this.cells[column]!.push(row[column]);
    if (++this.rows === ROW_GROUP) this.writeGroup();
  }

  /** Throws like {@link add}. The file still wants its name. */
  finish(): void {
    this.writeGroup();
    void this.writer!.finish();
  }

  private writeGroup(): void {
    this.columns ??= this.names.map((name, at) => ({ name, type: typeOf(this.cells[at]!), nullable: true }));
    this.writer ??= this.begin(this.columns);
    if (this.rows === 0) return;
    const columnData = this.columns.map((column, at): ColumnSource => {
      return { name: column.name, data: columnOf(column, this.cells[at]!) };
    });
    void this.writer.write({ columnData, rowGroupSize: ROW_GROUP });
    this.cells = this.names.map(() => []);
    this.rows = 0;
  }

  private begin(columns: readonly ParquetColumn[]): ParquetWriter {
    const schema: SchemaElement[] = [
      { name: 'root', num_children: columns.length },
      ...columns.map((column): SchemaElement => ({
        name: column.name,
        repetition_type: column.nullable === true ? 'OPTIONAL' : 'REQUIRED',
        ...PARQUET_TYPE[column.type],
      })),
    ];
    const about = Object.fromEntries(
      columns.flatMap((column) => (column.about === undefined ? [] : [[column.name, column.about]])),
    );
    const facts = { ...this.options.metadata, columns: JSON.stringify(about) };
    return new ParquetWriter({
      writer: writerTo(this.file),
      schema,
      createdBy: this.options.createdBy,
      kvMetadata: Object.entries(facts).map(([key, value]) => ({ key, value })),
    });
  }
}

/** The library's writer, emptied into `file` whenever it holds a megabyte. */
function writerTo(file: PartialFile): Writer {
  const writer = new ByteWriter();
  const grow = writer.ensure.bind(writer);
  const flush = (): void => {
    file.writeBytes(new Uint8Array(writer.buffer, 0, writer.index));
    writer.index = 0;
  };
  writer.ensure = (size: number) => {
    if (writer.index > 1 << 20) flush();
    grow(size);
  };
  writer.finish = flush;
  return writer;
}

/** Data of a column as the library wants it. */
function columnOf(column: ParquetColumn, cells: readonly Cell[]): ColumnSource['data'] {
  switch (column.type) {
    case 'string':
      return cells.map((cell) => (cell === null || cell === undefined ? null : String(cell)));
    case 'int64':
      return cells.map((cell) => (cell === null || cell === undefined ? null : bigintOf(column, cell)));
    case 'int32':
    case 'double':
      return cells.map((cell) => (cell === null || cell === undefined ? null : numberOf(column, cell)));
  }
}

function bigintOf(column: ParquetColumn, cell: Cell): bigint {
  if (typeof cell === 'bigint') return cell;
  if (typeof cell === 'number' && Number.isInteger(cell)) return BigInt(cell);
  throw doesNotFit(column, cell);
}

function numberOf(column: ParquetColumn, cell: Cell): number {
  if (typeof cell === 'number' && (column.type === 'double' || cell === (cell | 0))) return cell;
  if (typeof cell === 'bigint' && column.type === 'double') return Number(cell);
  throw doesNotFit(column, cell);
}

function doesNotFit(column: ParquetColumn, cell: Cell): WorkbenchError {
  return new WorkbenchError(
    'query-failed',
    `Column ${column.name} holds ${column.type} and also ${JSON.stringify(String(cell))}: a Parquet column has one type. Use CAST(... AS TEXT) in the query.`,
    { found: String(cell), expected: column.type },
  );
}

/** The narrowest type that holds all of a column's first values. */
function typeOf(cells: readonly Cell[]): ExportColumnType {
  let type: ExportColumnType = 'int64';
  let any = false;
  for (const cell of cells) {
    if (cell === null || cell === undefined) continue;
    any = true;
    if (typeof cell === 'bigint') continue;
    if (typeof cell !== 'number') return 'string';
    if (!Number.isInteger(cell)) type = 'double';
  }
  return any ? type : 'string';
}
