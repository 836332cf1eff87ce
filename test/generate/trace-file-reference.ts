/** The reference of the trace file's tables and views, made of the schema itself. */
import { SCHEMA_VERSION, TABLES, type TableName } from '#main/store/format/schema.ts';
import { sqlTables } from '#main/store/sql/sql-tables.ts';
import { formatted, type GeneratedFile } from './generated-file.ts';

const PATH = new URL('../../src-main/store/REFERENCE.md', import.meta.url);

export async function traceFileReferenceFiles(): Promise<readonly GeneratedFile[]> {
  const all = sqlTables();
  const views = all.filter(({ kind }) => kind === 'view');
  const tables = all.filter(({ kind }) => kind === 'table');
  const text = [
    HEAD,
    '## Views',
    'Names instead of ids, units in the names of columns. For people; the tables below hold the same.',
    ...views.map(({ name, about, columns }) => section(name, about, columns, () => null)),
    '## Tables',
    ...tables.map(({ name, about, columns }) =>
      section(name, about, columns, (at) => TABLES[name as TableName].columns[at]![0]),
    ),
  ].join('\n\n');
  return [await formatted(PATH, text)];
}

const HEAD = `# The trace file, table by table

Generated from \`schema.ts\` and \`view-descriptions.ts\` (\`npm run generate\`). Schema version ${SCHEMA_VERSION} (\`PRAGMA user_version\`).

A \`.sctrace\` is a SQLite database. Columns that end in \`_ns\` are nanoseconds since the start of the trace, those in
\`_us\` microseconds, those in \`_ms\` milliseconds. Ids refer to the table that the column names: \`lwp\` to \`lwp.id\`. What
\`code\` names is stored as a number.`;

function section(
  name: string,
  about: string,
  columns: readonly { readonly name: string; readonly about: string }[],
  sqlOf: (at: number) => string | null,
): string {
  const rows = columns.map(({ name: column, about: what }, at) => {
    const sql = sqlOf(at);
    const type = sql === null ? '' : ` ${/^\w+ (\w+)/.exec(sql)![1]!.toLowerCase()} |`;
    return `| \`${column}\` |${type} ${what.replaceAll('|', '\\|')} |`;
  });
  const head =
    sqlOf(0) === null ? ['| column | |', '| --- | --- |'] : ['| column | type | |', '| --- | --- | --- |'];
  return [`### ${name}`, about, [...head, ...rows].join('\n')].join('\n\n');
}
