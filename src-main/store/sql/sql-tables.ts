/**
 * The tables and views of a trace with what their columns hold: one list for the console's help and for the reference.
 */
import type { SqlTable } from '#shared/api/contract.ts';
import { TABLES } from '../format/schema.ts';
import { VIEW_DESCRIPTIONS } from '../format/view-descriptions.ts';

export function sqlTables(): SqlTable[] {
  const views = Object.entries(VIEW_DESCRIPTIONS).map(([name, { about, columns }]): SqlTable => ({
    name,
    kind: 'view',
    about,
    columns: Object.entries(columns).map(([column, what]) => ({ name: column, about: what })),
  }));
  const tables = Object.entries(TABLES).map(([name, { about, columns }]): SqlTable => ({
    name,
    kind: 'table',
    about,
    columns: columns.map(([sql, what]) => ({ name: sql.slice(0, sql.indexOf(' ')), about: what })),
  }));
  return [...views, ...tables];
}
