/** Tables as text for other programs. Formulas are escaped for spreadsheets: names in a trace are untrusted. */
import { csvRecord, notFormula } from '#shared/base/csv.ts';

type Cell = string | number | null;
export interface PlainTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Comma-separated values (RFC 4180): cells are quoted where they have to be, lines end with CR LF. */
export function toCsv({ head, rows }: PlainTable): string {
  return [head, ...rows].map((row) => csvRecord(row, 'text')).join('');
}

/** An array of objects with the head's names as keys. */
export function toJson({ head, rows }: PlainTable): string {
  const objects = rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? null])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** Tab-separated, as spreadsheets take it from the clipboard. */
export function toTabs({ head, rows }: PlainTable): string {
  const clean = (cell: Cell): string =>
    typeof cell === 'string' ? notFormula(cell).replace(/[\t\r\n]+/g, ' ') : String(cell ?? '');
  return [head, ...rows].map((row) => row.map(clean).join('\t') + '\n').join('');
}
