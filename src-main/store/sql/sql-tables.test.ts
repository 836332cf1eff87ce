import { afterAll, expect, it } from 'vitest';
import { queryTrace } from './query-sql.ts';
import { sqlTables } from './sql-tables.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { VIEWS } from '../format/views.ts';

const file = temporaryFolder();
writeSynthetic(file('a.sctrace'), { events: 500 });
const trace = TraceDatabase.open(file('a.sctrace'));
afterAll(() => trace.close());

it('every table and view is described, with the columns that it has', () => {
  const described = sqlTables();
  for (const { name, about, columns } of described) {
    const found = queryTrace(trace, `SELECT * FROM ${name} LIMIT 1`);
    expect([...found.rows].length).toBeLessThan(2);
    expect(
      columns.map((column) => column.name),
      name,
    ).toEqual([...found.columns]);
    expect(about).not.toBe('');
    for (const column of columns) expect(column.about, `${name}.${column.name}`).not.toBe('');
  }
  expect(described.filter(({ kind }) => kind === 'view').map(({ name }) => name)).toEqual(Object.keys(VIEWS));
});
