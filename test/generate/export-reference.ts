/** The reference of the exported tables, made of the list that the exporters work by. */
import { EXPORT_TABLES, type ExportTable, type ExportTableName } from '#main/exporters/export-tables.ts';
import { parquetColumns } from '#main/exporters/export-trace.ts';
import { formatted, type GeneratedFile } from './generated-file.ts';

const PATH = new URL('../../src-main/exporters/PARQUET.md', import.meta.url);

export async function exportReferenceFiles(): Promise<readonly GeneratedFile[]> {
  const sections = Object.keys(EXPORT_TABLES).map((name) => section(name as ExportTableName));
  return [await formatted(PATH, [HEAD, ...sections].join('\n\n'))];
}

const HEAD = `# Exported tables

Generated from \`export-tables.ts\` (\`npm run generate\`). \`schedctl-workbench export TRACE -o FOLDER --format parquet\`
writes one Parquet file for each table; \`--table NAME\` writes one of them, as Parquet, CSV or JSON Lines. Only Parquet
has the column \`trace_id\`, so that the files of many traces can be read as one table. The description of every
column also travels in the Parquet file's key-value metadata (\`columns\`).

With \`--from\` and \`--to\`, tables with a \`time_ns\` have the rows within the range, those with \`start_ns\` and
\`end_ns\` the rows that touch it, whole. Names and types stay as they are; columns are only ever added, at the end.

Which request was revoked on which machine, over a fleet of traces in folders \`fleet/HOST\`, in DuckDB:

\`\`\`sql
SELECT t.source_detail, w.process_name, w.lwp_name, (w.end_ns - w.start_ns) / 1e6 AS requested_ms
FROM read_parquet('fleet/*/nopreempt_window.parquet') w
JOIN read_parquet('fleet/*/trace.parquet') t USING (trace_id)
WHERE w.ended = 'forced' ORDER BY requested_ms DESC;
\`\`\`

Spark, Trino and ClickHouse read the same folders (\`spark.read.parquet("fleet/*/decision.parquet")\`,
\`file('fleet/*/decision.parquet', Parquet)\`).`;

function section(name: ExportTableName): string {
  const table: ExportTable = EXPORT_TABLES[name];
  const rows = parquetColumns(name).map(
    ({ name: column, type, nullable, about }) =>
      `| \`${column}\` | ${type}${nullable === true ? ', may be null' : ''} | ${about.replaceAll('|', '\\|')} |`,
  );
  return [`## ${name}`, table.about, ['| column | type | |', '| --- | --- | --- |', ...rows].join('\n')].join(
    '\n\n',
  );
}
