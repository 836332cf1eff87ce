/** export TRACE -o FILE: a trace, or a part of it, for other tools. */
import { extname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { WorkbenchError } from '#shared/base/errors.ts';
import { EXPORT_TABLE_NAMES, type ExportTableName, type TimeRange } from '#main/exporters/export-tables.ts';
import type { ExportFormat } from '#main/exporters/export-trace.ts';
import { cancelOnSignal } from '../cancel-on-signal.ts';
import { examples } from '../examples.ts';
import { printMade } from '../made-trace.ts';
import { outputFile, outputPath } from '../output-file.ts';
import { printJson, printLine } from '../output.ts';
import { ProgressLine, short } from '../progress.ts';
import { parseTime, showTime } from '../times.ts';

type Format = ExportFormat | 'sctrace';
const FORMATS = ['sctrace', 'chrome', 'csv', 'jsonl', 'parquet'] as const satisfies readonly Format[];
const FORMAT_OF_EXTENSION: Readonly<Record<string, Format>> = {
  '.sctrace': 'sctrace',
  '.json': 'chrome',
  '.csv': 'csv',
  '.jsonl': 'jsonl',
  '.parquet': 'parquet',
};

interface ExportFlags {
  readonly output: string;
  readonly format?: Format;
  readonly from?: number;
  readonly to?: number;
  readonly table?: ExportTableName;
  readonly sql?: string;
  /** False where they are to be text. */
  readonly formulas: boolean;
  readonly force?: true;
  readonly json?: true;
}

export function exportCommand(): Command {
  return new Command('export')
    .summary('export a trace, or part of it, for other tools')
    .description(
      'Writes a time range of a trace as a separate trace (sctrace), as trace events that Perfetto opens (chrome), or ' +
        'the rows of a table or query (csv, jsonl, parquet). Parquet without a table writes a folder with all tables.',
    )
    .argument('<file>', 'trace file (.sctrace)')
    .requiredOption('-o, --output <file>', 'file or folder to write; its extension sets the format')
    .addOption(
      new Option('--format <format>', 'format, where the extension does not set it').choices(FORMATS),
    )
    .option('--from <time>', 'start of the time range: 1.2s, 250us', parseTime)
    .option('--to <time>', 'end of the time range', parseTime)
    .addOption(new Option('--table <name>', 'the table to export').choices(EXPORT_TABLE_NAMES))
    .option('--sql <statement>', 'export the rows of a read-only statement')
    .option(
      '--no-formulas',
      "csv for spreadsheets: put a ' before text that would be a formula (it begins with = + - @ or a tab)",
    )
    .option('--force', 'replace an existing file or folder')
    .option('--json', 'print the result as JSON: file, rows, bytes; for a cut trace the same as record')
    .addHelpText(
      'after',
      examples(
        'export convoy.sctrace -o part.sctrace --from 1.2s --to 1.3s',
        'export convoy.sctrace -o convoy.json',
        'export convoy.sctrace -o states.csv --table lwp_state --from 1.2s --to 1.3s',
        'export convoy.sctrace -o fleet/host-17 --format parquet',
      ),
    )
    .action(async (file: string, flags: ExportFlags) => {
      const format = flags.format ?? formatOf(flags.output);
      const isFolder = format === 'parquet' && flags.table === undefined && flags.sql === undefined;
      const rules = { replace: flags.force === true, sources: [resolve(file)] };
      const path = isFolder ? outputPath(flags.output) : outputFile(flags.output, rules);
      const line = new ProgressLine();
      try {
        if (format === 'sctrace') await cut(file, path, flags, line);
        else await exportRows(file, path, format, flags, line);
      } finally {
        line.clear();
      }
    });
}

async function cut(file: string, path: string, flags: ExportFlags, line: ProgressLine): Promise<void> {
  if (flags.table !== undefined || flags.sql !== undefined) {
    throw new WorkbenchError('usage', 'A cut trace has all tables: leave out --table and --sql.');
  }
  const { cutFile } = await import('#main/workbench/make-trace.ts');
  const { startNs, endNs } = rangeOf(flags) ?? { startNs: 0, endNs: Number.MAX_SAFE_INTEGER };
  const made = await cancelOnSignal((signal) =>
    cutFile(
      { source: file, path, startNs, endNs },
      {
        signal,
        replace: flags.force === true,
        onProgress: ({ events }) => line.update(() => `${short(events)} events`),
      },
    ),
  );
  line.clear();
  await printMade(made, flags.json === true, () => [
    `${made.path}: ${made.events} events in ${showTime(made.durationNs)}, digest ${made.digest}`,
  ]);
}

async function exportRows(
  file: string,
  path: string,
  format: ExportFormat,
  flags: ExportFlags,
  line: ProgressLine,
): Promise<void> {
  // In a thread, as the window has it: a query that looks for its first row for ever can be given up.
  const { runExport } = await import('#main/workbench/exports/run-export.ts');
  const { table, sql } = flags;
  const formulas = flags.formulas ? 'kept' : 'text';
  const result = await cancelOnSignal((signal) =>
    runExport(
      {
        trace: file,
        path,
        replace: flags.force === true,
        format,
        range: rangeOf(flags),
        table,
        sql,
        formulas,
      },
      { signal, onProgress: (rows) => line.update(() => `${short(rows)} rows`) },
    ),
  );
  line.clear();
  if (flags.json === true) {
    await printJson({ file: result.path, rows: result.rows, bytes: result.bytes });
  } else await printLine(`${result.path}: ${result.rows} rows, ${result.bytes} bytes`);
}

function formatOf(output: string): Format {
  const format = FORMAT_OF_EXTENSION[extname(output).toLowerCase()];
  if (format !== undefined) return format;
  throw new WorkbenchError(
    'usage',
    `What should ${output} be? Give it one of the extensions ${Object.keys(FORMAT_OF_EXTENSION).join(' ')}, or --format.`,
  );
}

/** Null for the whole trace. */
function rangeOf({ from, to }: ExportFlags): TimeRange | null {
  if (from === undefined && to === undefined) return null;
  const range = { startNs: from ?? 0, endNs: to ?? Number.MAX_SAFE_INTEGER };
  if (range.endNs >= range.startNs) return range;
  throw new WorkbenchError(
    'usage',
    `--to (${showTime(range.endNs)}) is before --from (${showTime(range.startNs)}).`,
  );
}
