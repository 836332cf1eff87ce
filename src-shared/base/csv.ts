/** Comma-separated values as RFC 4180 has them. */

/** A value of a result row. */
export type Cell = string | number | bigint | boolean | null | undefined | Uint8Array;

/**
 * Text that a spreadsheet would take for a formula: names in a trace are untrusted. `kept`: as it is; `text`: with an
 * apostrophe before it, as they mark text. Numbers are always as they are.
 */
export type Formulas = 'kept' | 'text';

/** One record with its line end: no value is empty, bytes are hexadecimal. */
export function csvRecord(cells: readonly Cell[], formulas: Formulas = 'kept'): string {
  return `${cells.map((cell) => csvField(cell, formulas)).join(',')}\r\n`;
}

/** How a formula begins, in ASCII or full width, or what a spreadsheet drops before it. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A text that no spreadsheet calculates. */
export function notFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
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
function cellText(value: Cell): string {
  if (value === null || value === undefined) return '';
  return value instanceof Uint8Array ? bytesToHex(value) : String(value);
}

/** Two hexadecimal digits a byte. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** What some countries' spreadsheets separate by, besides what RFC 4180 has. */
const STRUCTURE = { kept: /[",\r\n]/, text: /[",;\t\r\n]/ } as const;

function csvField(value: Cell, formulas: Formulas): string {
  const plain = cellText(value);
  const text = formulas === 'text' && typeof value === 'string' ? notFormula(plain) : plain;
  return STRUCTURE[formulas].test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
