/** The formats that are known, in the order in which a file is held against them. */
import { basename } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { binaryFormats } from './foreign/binary.ts';
import { babeltrace } from './babeltrace/format.ts';
import { bpftrace } from './bpftrace/format.ts';
import { dtrace } from './dtrace/format.ts';
import { chromeJson } from './chrome-json/format.ts';
import { textFormats } from './foreign/text.ts';
import type { ForeignFormat, Head, TraceFormat } from './format.ts';
import { ftrace } from './ftrace/format.ts';
import { quote, type Skip } from './import-report.ts';
import { perfScript } from './perf-script/format.ts';
import { systrace } from './systrace/format.ts';
import { traceCmd } from './trace-cmd/format.ts';

/** Formats that are read. */
export const FORMATS: readonly TraceFormat[] = [
  dtrace,
  systrace,
  chromeJson,
  babeltrace,
  bpftrace,
  traceCmd,
  perfScript,
  ftrace,
];

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
  skipped?: Skip,
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
  const why = skipped === undefined ? '' : ` (line ${skipped.firstLine}: ${skipped.reason})`;
  const first = `${firstOf(head)}${why}`;
  return new WorkbenchError(
    'unknown-format',
    `${name} has no line that can be read as a trace. Tried: ${tried}. ${first}`,
    { file: path, found: first, expected: tried },
  );
}

const BYTES_SHOWN = 16;
/** Control characters that text has: tab, line feed, carriage return. */
const CONTROL_IN_TEXT = [0x09, 0x0a, 0x0d];

/** What a file begins with: its first line that is no comment, or its first bytes where it is no text. */
function firstOf(head: Head): string {
  const isText = head.bytes.subarray(0, 512).every((byte) => byte >= 0x20 || CONTROL_IN_TEXT.includes(byte));
  if (!isText) {
    const bytes = [...head.bytes.subarray(0, BYTES_SHOWN)].map((byte) => byte.toString(16).padStart(2, '0'));
    return `It is not text; its first bytes are: ${bytes.join(' ')}`;
  }
  const line = head.lines.find((text) => text.trim() !== '' && !text.startsWith('#')) ?? head.lines[0] ?? '';
  return `Its first line is: ${quote(Buffer.from(line, 'latin1').toString('utf8'))}`;
}
