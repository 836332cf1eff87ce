/** Comma-separated values as RFC 4180 has them. */

/** A value of a result row. */
export type Cell = string | number | bigint | boolean | null | undefined | Uint8Array;

/** One record with its line end: no value is empty, bytes are hexadecimal. */
export function csvRecord(cells: readonly Cell[]): string {
  return `${cells.map(csvField).join(',')}\r\n`;
}

/** A field, quoted or not, and what ends it. Spaces around quotes, which other programs write, are no part of it. */
const FIELD = /(?:\s*"((?:[^"]|"")*)(?:"\s*|$)|([^,]*))(,|$)/y;

/** The fields of one record without its line end. Fields with line ends in them are not read. */
export function csvFields(record: string): string[] {
  if (!record.includes('"')) return record.split(',');
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const [, quoted, plain, end] = FIELD.exec(record)!;
    fields.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '') return fields;
  }
}

/** A value as plain text: null is empty, bytes are hexadecimal. */
export function cellText(value: Cell): string {
  if (value === null || value === undefined) return '';
  return value instanceof Uint8Array ? bytesToHex(value) : String(value);
}

/** Two hexadecimal digits a byte. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function csvField(value: Cell): string {
  const text = cellText(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
