/** What a command writes: its answer to stdout, everything else to stderr. */
import { once } from 'node:events';
import { csvRecord, type Formulas } from '#shared/base/csv.ts';

/** Writes text to stdout and waits where the reader is slow. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

export const printLine = (text: string): Promise<void> => print(`${text}\n`);

/** One JSON value, indented for people and readable for programs. Typed arrays become lists. */
export const printJson = (value: unknown): Promise<void> => printLine(JSON.stringify(value, plain, 2));

export const tell = (line: string): void => void process.stderr.write(`${line}\n`);

function plain(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number>);
  }
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Rows as a table with aligned columns; numbers stand to the right. */
export function table(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map(cellText));
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
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** Rows as RFC 4180 CSV, with a header line. */
export function csv(
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
  formulas: Formulas = 'kept',
): string {
  return [header, ...rows]
    .map((row) =>
      csvRecord(
        row.map((value) => (isNumber(value) ? value : cellText(value))),
        formulas,
      ),
    )
    .join('')
    .slice(0, -'\r\n'.length);
}

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** A value of a result row. NULL is empty; bytes are hexadecimal. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return `${value}`;
  return JSON.stringify(value);
}
