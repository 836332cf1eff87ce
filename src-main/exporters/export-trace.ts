/** The exporters' entry: writes a trace, or a time range or query of it, as a file of another format. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ns } from '#shared/base/brands.ts';
import type { CancelSignal } from '#shared/base/cancel.ts';
import type { Cell, Formulas } from '#shared/base/csv.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { checkOutputFolder, giveFolderName, temporaryName, type OutputRules } from '../files/output-name.ts';
import { eachCheckedRow, pageOwners, queryTrace, summary, TraceDatabase } from '../store/index.ts';
import { CHROME_TABLES, ChromeEvents } from './chrome-json.ts';
import { csvRows, JSON_LINES, type TextRows } from './delimited-text.ts';
import {
  EXPORT_TABLE_NAMES,
  EXPORT_TABLES,
  exportSelect,
  type ExportColumn,
  type ExportTableName,
  type TimeRange,
} from './export-tables.ts';
import { Pace } from './pace.ts';
import { ParquetRows } from './parquet.ts';
import { exportFailure, PartialFile } from './partial-file.ts';

/** `chrome`: Chrome's trace events as JSON; `jsonl`: JSON Lines. A cut `.sctrace` is the recorder's work. */
export type ExportFormat = 'chrome' | 'csv' | 'jsonl' | 'parquet';

export interface ExportRequest {
  /** The trace file. */
  readonly trace: string;
  /** The file to write; for Parquet without a table or query, the folder. */
  readonly path: string;
  /** The person asked for what is there to be replaced. */
  readonly replace?: boolean | undefined;
  readonly format: ExportFormat;
  /** The rows that overlap this time range; null for the whole trace. Not with `sql`. */
  readonly range: TimeRange | null;
  /** One of {@link EXPORT_TABLES}: needed for CSV and JSON Lines where there is no `sql`. */
  readonly table?: ExportTableName | undefined;
  /** Rows of a statement that reads, instead of a table. */
  readonly sql?: string | undefined;
  /** Text that spreadsheets would calculate, in CSV; kept as it is by default. */
  readonly formulas?: Formulas | undefined;
}

export interface ExportOptions {
  readonly signal?: CancelSignal | undefined;
  /** Called some times a second with the rows written so far. */
  readonly onProgress?: ((rows: number) => void) | undefined;
  /** Name and version of the program, for formats that carry it. */
  readonly createdBy: string;
}

export interface ExportResult {
  /** What was written: a file, or a folder of files. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Exports.
 *
 * @throws WorkbenchError where the trace cannot be opened; 'usage' for a combination that means nothing;
 *   'query-failed' for a wrong statement; 'cancelled', 'disk-full', 'write-failed': then nothing has the final name
 */
export async function exportTrace(request: ExportRequest, options: ExportOptions): Promise<ExportResult> {
  refuseExport(request);
  const trace = TraceDatabase.open(request.trace);
  try {
    return await new Export(trace, request, options).run();
  } finally {
    trace.close();
  }
}

/** Throws WorkbenchError usage for a request that means nothing. */
export function refuseExport({ format, table, sql, range }: ExportRequest): void {
  const usage = (message: string): WorkbenchError => new WorkbenchError('usage', message);
  if (table !== undefined && sql !== undefined) {
    throw usage('Name a table or a query to export, not both.');
  }
  if (sql !== undefined && range !== null) {
    throw usage('A query selects its own rows: put the times in the query.');
  }
  const hasRows = table !== undefined || sql !== undefined;
  if (format === 'chrome' && hasRows) {
    throw usage("Chrome's trace events come from the whole trace, not from a table or query.");
  }
  if ((format === 'csv' || format === 'jsonl') && !hasRows) {
    throw usage(`Name the table to export, one of ${EXPORT_TABLE_NAMES.join(', ')}; or give a query.`);
  }
}

class Export {
  private readonly trace: TraceDatabase;
  private readonly request: ExportRequest;
  private readonly options: ExportOptions;
  private readonly pace: Pace;
  private readonly rules: OutputRules;
  private rows = 0;

  constructor(trace: TraceDatabase, request: ExportRequest, options: ExportOptions) {
    this.trace = trace;
    this.request = request;
    this.options = options;
    this.rules = { replace: request.replace, sources: [request.trace] };
    this.pace = new Pace(options.signal, () => options.onProgress?.(this.rows));
  }

  async run(): Promise<ExportResult> {
    const { format, path, table, sql } = this.request;
    if (format === 'parquet' && table === undefined && sql === undefined) return this.parquetFolder();
    const bytes = await this.intoFile(path, this.rules, async (file) => {
      switch (format) {
        case 'chrome':
          return this.chrome(file);
        case 'csv':
          return this.text(file, csvRows(this.request.formulas ?? 'kept'));
        case 'jsonl':
          return this.text(file, JSON_LINES);
        case 'parquet':
          return this.parquet(file);
      }
    });
    return { path, rows: this.rows, bytes };
  }

  private async intoFile(
    path: string,
    rules: OutputRules,
    write: (file: PartialFile) => Promise<void>,
  ): Promise<number> {
    const output = this.request.path;
    const file = new PartialFile(path, rules, output);
    try {
      await write(file);
      file.finish();
      return file.bytes;
    } catch (thrown) {
      throw exportFailure(output, thrown);
    } finally {
      file.discard();
    }
  }

  /** Every table, a file each. The folder has its name once all of them are there. */
  private async parquetFolder(): Promise<ExportResult> {
    const { path } = this.request;
    checkOutputFolder(path, PARQUET_FILES, this.rules);
    const making = temporaryName(path);
    let bytes = 0;
    let isMade = false;
    try {
      mkdirSync(making);
      isMade = true;
      for (const name of EXPORT_TABLE_NAMES) {
        const file = join(making, parquetFile(name));
        bytes += await this.intoFile(file, {}, (into) => this.parquetTable(into, name));
      }
      giveFolderName(making, path, PARQUET_FILES, this.rules);
    } catch (thrown) {
      if (isMade) rmSync(making, { recursive: true, force: true });
      throw exportFailure(path, thrown);
    }
    return { path, rows: this.rows, bytes };
  }

  private async text(file: PartialFile, format: TextRows): Promise<void> {
    const { columns, rows } = this.source();
    file.write(format.head(columns));
    await this.each(rows, (row) => file.write(format.row(columns, row)));
  }

  private async parquet(file: PartialFile): Promise<void> {
    const { table, sql } = this.request;
    if (table !== undefined) return this.parquetTable(file, table);
    const { columns, rows } = queryTrace(this.trace, sql!);
    const parquet = new ParquetRows(file, columns, {
      createdBy: this.options.createdBy,
      metadata: { query: sql! },
    });
    await this.each(rows, (row) => parquet.add(row));
    parquet.finish();
  }

  private async parquetTable(file: PartialFile, name: ExportTableName): Promise<void> {
    const { digest } = this.trace.meta;
    const parquet = new ParquetRows(file, parquetColumns(name), {
      createdBy: this.options.createdBy,
      metadata: { table: name, about: EXPORT_TABLES[name].about, trace: digest },
    });
    const withTrace: Cell[] = [digest];
    await this.each(this.table(name), (row) => {
      withTrace.length = 1;
      withTrace.push(...row);
      parquet.add(withTrace);
    });
    parquet.finish();
  }

  private async chrome(file: PartialFile): Promise<void> {
    const about = summary(this.trace, { traceId: 'export' });
    const range = this.request.range ?? { startNs: 0, endNs: about.durationNs };
    const owners = pageOwners(this.trace);
    const names = { ...about, pageOwner: (page: number, timeNs: Ns) => owners.at(page, timeNs) };
    const events = new ChromeEvents(names, range);
    const facts = { source: about.source, sourceDetail: about.sourceDetail, digest: about.digest };
    file.write(`{"displayTimeUnit":"ns","otherData":${JSON.stringify(facts)},"traceEvents":[`);
    let separator = '\n';
    const put = (event: unknown): void => {
      file.write(separator + JSON.stringify(event));
      separator = ',\n';
    };
    for (const event of events.metadata()) put(event);
    for (const name of CHROME_TABLES) {
      const columns = EXPORT_TABLES[name].columns.map((column) => column.name);
      await this.each(this.table(name), (cells) => {
        const row = Object.fromEntries(columns.map((column, at) => [column, cells[at]]));
        for (const event of events.ofRow(name, row)) put(event);
      });
    }
    file.write('\n]}\n');
  }

  private source(): { readonly columns: readonly string[]; readonly rows: Iterable<readonly Cell[]> } {
    const { table, sql } = this.request;
    if (sql !== undefined) return queryTrace(this.trace, sql);
    return { columns: EXPORT_TABLES[table!].columns.map((column) => column.name), rows: this.table(table!) };
  }

  private table(name: ExportTableName): Iterable<readonly Cell[]> {
    const { sql, parameters } = exportSelect(name, this.request.range);
    return eachCheckedRow(
      this.trace,
      sql,
      EXPORT_TABLES[name].columns.map(() => 'cell' as const),
      ...parameters,
    );
  }

  private async each(rows: Iterable<readonly Cell[]>, take: (row: readonly Cell[]) => void): Promise<void> {
    for (const row of rows) {
      take(row);
      this.rows++;
      if (this.pace.isDue) await this.pace.breathe();
    }
  }
}

const parquetFile = (name: ExportTableName): string => `${name}.parquet`;
/** What a folder of all tables holds. */
const PARQUET_FILES = EXPORT_TABLE_NAMES.map(parquetFile);

/** A Parquet file says of every row which trace it is of, so that those of many can be read as one table. */
export function parquetColumns(name: ExportTableName): readonly ExportColumn[] {
  return [
    { name: 'trace_id', type: 'string', sql: '', about: 'digest of the trace that the row is from' },
    ...EXPORT_TABLES[name].columns,
  ];
}
