/** The formats that are known, in detection order. */
import { basename } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { binaryFormats } from './foreign/binary.ts';
import { babeltrace } from './babeltrace/format.ts';
import { bpftrace } from './bpftrace/format.ts';
import { dtrace } from './dtrace/format.ts';
import { consoleLog } from './console-log/format.ts';
import { chromeJson } from './chrome-json/format.ts';
import { textFormats } from './foreign/text.ts';
import type { ForeignFormat, TraceFormat } from './format.ts';
import type { Head } from './input/head.ts';
import { ftrace } from './ftrace/format.ts';
import { quote, type Skip } from './import-report.ts';
import { perfScript } from './perf-script/format.ts';
import type { SourceFile } from './input/source-file.ts';
import { systrace } from './systrace/format.ts';
import { traceCmd } from './trace-cmd/format.ts';

/** Formats that are read. */
const FORMATS: readonly TraceFormat[] = [
  dtrace,
  systrace,
  chromeJson,
  babeltrace,
  bpftrace,
  traceCmd,
  perfScript,
  consoleLog,
  ftrace,
];

/** The format of a file by its first bytes, null for none that is known. */
function identifyHead(head: Head): TraceFormat | ForeignFormat | null {
  for (const format of [...binaryFormats, ...textFormats, ...FORMATS]) {
    if (format.recognise(head)) return format;
  }
  return null;
}

/** So much of a file is looked at before it is given up: what stands before a trace may be long. */
const MOST_LOOKED_AT = 16 << 20;
/** So many lines: a format looks at each of them, however short it is. */
const MOST_LINES = 1 << 18;

const isBreak = (byte: number): boolean => byte === 0x0a || byte === 0x0d;

/**
 * The format of a file by its beginning: the first kilobytes, and where they tell nothing and are text, four times
 * as much again and again, up to {@link MOST_LOOKED_AT} or {@link MOST_LINES}. Kilobytes of empty lines are no
 * beginning of a trace.
 */
export async function identifySource(
  source: SourceFile,
): Promise<{ readonly head: Head; readonly format: TraceFormat | ForeignFormat | null }> {
  let head = await source.head();
  let format = identifyHead(head);
  const isText = !head.bytes.includes(0) && !head.bytes.every(isBreak);
  const isLong = (): boolean => head.bytes.length >= MOST_LOOKED_AT || head.lines.length >= MOST_LINES;
  while (format === null && isText && !head.whole && !isLong()) {
    head = await source.beginning(head.bytes.length * 4);
    format = identifyHead(head);
  }
  return { head, format };
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
  const formats = FORMATS.map((format) => format.title).join('; ');
  if (head.bytes.length === 0) {
    return new WorkbenchError('unknown-format', `${name} is empty: there is nothing to import.`, {
      file: path,
      expected: formats,
    });
  }
  const first = firstOf(head);
  const why = skipped === undefined ? '' : ` Line ${skipped.firstLine} was not read: ${skipped.reason}.`;
  return new WorkbenchError('unknown-format', `${name} is ${first}.${why} ${WHAT_TO_DO}`, {
    file: path,
    found: first,
    expected: formats,
  });
}

const WHAT_TO_DO =
  'Give the text that a tracer prints: the file trace of tracefs, trace-cmd report, perf script, babeltrace2, or the log of ' +
  'traces/scripts/sched.bt or schedctl.d (the README lists all formats).';
const BYTES_SHOWN = 16;
/** Control characters that text has: tab, line feed, carriage return. */
const CONTROL_IN_TEXT = [0x09, 0x0a, 0x0d];

/** What kinds of text look like, beside those that are known. */
const LOOKS: readonly (readonly [RegExp, string])[] = [
  [/^\s*<(?:!DOCTYPE html|html)/i, 'a web page without a trace in it'],
  [/^\s*<\?xml|^\s*<\w+[ >]/, 'XML'],
  [/^(?:<\d+>)?\[ *\d+\.\d{6}\] /, 'a log of the kernel without a dumped ftrace buffer'],
  [/^\s*[[{]/, 'JSON without trace events'],
  [/^(?:\d+ +)?(?:[\d:.]+ )?\w+\(.*\) += /, 'the output of strace'],
  [/^[^,;\t]+([,;\t])[^,;\t]+\1[^,;\t]+/, 'a table (CSV)'],
];

/** What a file looks like, and what it begins with: its first line that is no comment, or its first bytes. */
function firstOf(head: Head): string {
  const isText = head.bytes.subarray(0, 512).every((byte) => byte >= 0x20 || CONTROL_IN_TEXT.includes(byte));
  if (!isText) {
    const bytes = [...head.bytes.subarray(0, BYTES_SHOWN)].map((byte) => byte.toString(16).padStart(2, '0'));
    return `binary data of no known kind; its first bytes are: ${bytes.join(' ')}`;
  }
  const line = head.lines.find((text) => text.trim() !== '' && !text.startsWith('#')) ?? head.lines[0] ?? '';
  const looks = LOOKS.find(([pattern]) => pattern.test(line))?.[1] ?? 'text';
  return `${looks} with no line that can be read as a trace; its first line is: ${quote(Buffer.from(line, 'latin1').toString('utf8'))}`;
}
