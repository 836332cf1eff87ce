/** Rows as text: RFC 4180 CSV, or JSON Lines (one object a line). */
import { bytesToHex, csvRecord, type Cell, type Formulas } from '#shared/base/csv.ts';

/** How a kind of text writes its head and its rows. */
export interface TextRows {
  head(columns: readonly string[]): string;
  /** @param row a cell for each column */
  row(columns: readonly string[], row: readonly Cell[]): string;
}

export const csvRows = (formulas: Formulas): TextRows => ({
  head: (columns) => csvRecord(columns, formulas),
  row: (_columns, row) => csvRecord(row, formulas),
});

export const JSON_LINES: TextRows = {
  head: () => '',
  row(columns, row) {
    const object: Record<string, unknown> = {};
    columns.forEach((name, at) => (object[name] = jsonCell(row[at])));
    return `${JSON.stringify(object)}\n`;
  },
};

/** Integers too large for JSON's numbers are text; bytes are hexadecimal. */
function jsonCell(value: Cell): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return bytesToHex(value);
  return value ?? null;
}
