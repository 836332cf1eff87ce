/** query FILE SQL: a person's SQL over a trace, read-only. */
import { Command, Option } from 'commander';
import type { Formulas } from '#shared/base/csv.ts';
import type { SqlRows } from '#main/store/index.ts';
import { examples } from '../examples.ts';
import { csv, print, printJson, printLines, table } from '../output.ts';

type Format = 'table' | 'csv' | 'json';

interface QueryFlags {
  readonly format: Format;
  readonly json?: true;
  /** False where they are to be text. */
  readonly formulas: boolean;
}

/** CSV is written as the rows come; tables need all of them to align. */
const CSV_ROWS_AT_ONCE = 1000;

export function queryCommand(): Command {
  return new Command('query')
    .summary('run SQL over a trace, read-only')
    .description(
      'Runs one read-only SQL statement. The tables are those of the trace file; the views with friendly names and ' +
        "units are listed by: SELECT name FROM sqlite_master WHERE type = 'view'.",
    )
    .argument('<file>', 'trace file (.sctrace)')
    .argument('<sql>', 'SELECT, WITH, VALUES or EXPLAIN')
    .addOption(
      new Option('--format <format>', 'how to print the rows')
        .choices(['table', 'csv', 'json'])
        .default('table'),
    )
    .option(
      '--no-formulas',
      "csv for spreadsheets: put a ' before text that would be a formula (it begins with = + - @ or a tab)",
    )
    .option('--json', 'the same as --format json: a list with an object for each row')
    .addHelpText(
      'after',
      examples(
        'query convoy.sctrace "SELECT k.name, count(*) FROM event e JOIN kind k ON k.id = e.kind GROUP BY 1 ORDER BY 2 DESC"',
        'query convoy.sctrace "SELECT * FROM lwp" --format csv',
      ),
    )
    .action(async (file: string, sql: string, flags: QueryFlags) => {
      const { queryTrace, TraceDatabase } = await import('#main/store/index.ts');
      const trace = TraceDatabase.open(file);
      try {
        await show(
          queryTrace(trace, sql),
          flags.json ? 'json' : flags.format,
          flags.formulas ? 'kept' : 'text',
        );
      } finally {
        trace.close();
      }
    });
}

async function show({ columns, rows }: SqlRows, format: Format, formulas: Formulas): Promise<void> {
  if (format === 'csv') {
    await print(`${csv(columns, [], formulas)}\r\n`);
    let some: (readonly unknown[])[] = [];
    const flush = async (): Promise<void> => {
      const lines = csv(columns, some, formulas);
      if (some.length > 0) await print(`${lines.slice(lines.indexOf('\r\n') + 2)}\r\n`);
      some = [];
    };
    for (const row of rows) {
      if (some.push(row) === CSV_ROWS_AT_ONCE) await flush();
    }
    await flush();
    return;
  }
  const all = [...rows];
  if (format === 'table') await printLines(table(columns, all));
  else
    await printJson(
      all.map((row) => Object.fromEntries(columns.map((name, at) => [name, jsonValue(row[at])]))),
    );
}

const jsonValue = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
