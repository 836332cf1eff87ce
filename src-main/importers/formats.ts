/** The formats that are known, in the order in which a file is held against them. */
import { basename } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { binaryFormats } from './foreign/binary.ts';
import { textFormats } from './foreign/text.ts';
import type { ForeignFormat, Head, TraceFormat } from './format.ts';
import { ftrace } from './ftrace/format.ts';
import { quote } from './import-report.ts';

/** Formats that are read. */
export const FORMATS: readonly TraceFormat[] = [ftrace];

/** The format of a file by its first bytes, null for none that is known. */
export function identifyHead(head: Head): TraceFormat | ForeignFormat | null {
  for (const format of [...binaryFormats, ...textFormats, ...FORMATS]) {
    if (format.recognise(head)) return format;
  }
  return null;
}

/** Says what a file is instead of a trace that can be read, and what to do about it. */
export function unknownFormat(
  path: string,
  head: Head,
  found: TraceFormat | ForeignFormat | null,
): WorkbenchError {
  const name = basename(path);
  if (found !== null && 'advice' in found) {
    return new WorkbenchError('unknown-format', `${name} is ${found.title}. ${found.advice(path)}`, {
      file: path,
      found: found.name,
    });
  }
  const tried = FORMATS.map((format) => format.title).join(', ');
  if (head.bytes.length === 0) {
    return new WorkbenchError('unknown-format', `${name} is empty: there is nothing to import.`, {
      file: path,
      expected: tried,
    });
  }
  const line = head.lines.find((text) => text.trim() !== '' && !text.startsWith('#')) ?? head.lines[0] ?? '';
  const first = quote(Buffer.from(line, 'latin1').toString('utf8'));
  return new WorkbenchError(
    'unknown-format',
    `${name} has no line that can be read as a trace. Tried: ${tried}. Its first line is: ${first}`,
    { file: path, line: 1, found: first, expected: tried },
  );
}
