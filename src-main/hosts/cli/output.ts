/**
 * The output of a command: its answer to stdout, everything else to stderr. Names in it are untrusted, so text for
 * people goes to the terminal line by line, and no line can control the terminal (bootstrap/terminal-text.mjs).
 */
import { once } from 'node:events';
import { terminalJson, terminalText } from '#main/bootstrap/terminal-text.mjs';
import { csvRecord, type Formulas } from '#shared/base/csv.ts';

/** Writes text to stdout as it is and waits where the reader is slow: for programs. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

export const printLines = (lines: readonly string[]): Promise<void> =>
  print(lines.map((line) => `${terminalText(line)}\n`).join(''));

export const printLine = (line: string): Promise<void> => printLines([line]);

/** One JSON value, indented for people and readable for programs. Typed arrays become lists. */
export const printJson = (value: unknown): Promise<void> =>
  print(`${terminalJson(JSON.stringify(value, plain, 2))}\n`);

export const tell = (...lines: readonly string[]): void =>
  void process.stderr.write(lines.map((line) => `${terminalText(line)}\n`).join(''));

function plain(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number>);
  }
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Rows as lines of a table with aligned columns; numbers stand to the right. */
export function table(names: readonly string[], rows: readonly (readonly unknown[])[]): string[] {
  const header = names.map(terminalText);
  const cells = rows.map((row) => row.map((value) => terminalText(cellText(value))));
  const widths = header.map((name, column) =>
    cells.reduce((width, row) => Math.max(width, row[column]!.length), name.length),
  );
  const numeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => row[column] === null || isNumber(row[column])),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)];
}

/** Rows as RFC 4180 CSV, with a header line: as they are for programs, readable where a terminal shows them. */
export function csv(
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
  formulas: Formulas = 'kept',
): string {
  const textOf = process.stdout.isTTY ? (value: unknown): string => terminalText(cellText(value)) : cellText;
  return [header, ...rows]
    .map((row) =>
      csvRecord(
        row.map((value) => (isNumber(value) ? value : textOf(value))),
        formulas,
      ),
    )
    .join('')
    .slice(0, -'\r\n'.length);
}

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** A value of a result row. NULL is empty; bytes are hexadecimal. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return `${value}`;
  return JSON.stringify(value);
}
