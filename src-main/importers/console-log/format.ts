/**
 * A log of the kernel in which an ftrace buffer was dumped (ftrace_dump_on_oops, SysRq-z), from a console, dmesg or
 * a journal. What stands before each line is the log's; the dump's own lines are those of latency-format:
 *
 *     [   30.000002]        a-300       0d..2. 10000000us : sched_switch: ...
 *     Mar 03 13:46:40 box kernel: [   30.000002][    T1]    a-300       0d..2. 10000000us : sched_switch: ...
 */
import type { TraceFormat } from '../format.ts';
import { LineHeader } from '../ftrace/line.ts';
import { FtraceReader } from '../ftrace/reader.ts';
import { TraceeventPayload } from '../traceevent/payload.ts';

/** The level, who logged, the log's time, the thread or CPU that printed: at least the time or `kernel:`. */
const LOG_PREFIX =
  /^(?:<\d{1,3}>)?(?:(?:\S.{0,120}? )?kernel: )?(?:\[[ \d]{1,10}\.\d{6}\]|\[\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}\]|(?<=kernel: ))(?:\[ *[TC]\d{1,9}\])? ?/;
const PREFIX_BYTES = 256;
const DUMP = /^(?:Dumping ftrace buffer:|-+|\s*$)/;

/** Where a line of the dump begins in a line of the log. */
function lineStart(bytes: Buffer, start: number, end: number): number {
  const match = LOG_PREFIX.exec(bytes.toString('latin1', start, Math.min(end, start + PREFIX_BYTES)));
  return match === null ? start : start + match[0].length;
}

function createTimeOf(): (bytes: Buffer, start: number, end: number) => number {
  const header = new LineHeader();
  return (bytes, start, end) => {
    const from = lineStart(bytes, start, end);
    if (from === start || !header.readLatency(bytes, from, end)) return NaN;
    return (header.stampWhole * 1e9 + header.stampRest) * 1e3;
  };
}

export const consoleLog: TraceFormat = {
  name: 'console-log',
  title: 'a log of the kernel with a dumped ftrace buffer',
  recognise: (head) => {
    const timeOf = createTimeOf();
    return head.lines.some((line) => {
      if (!LOG_PREFIX.test(line)) return false;
      const bytes = Buffer.from(line, 'latin1');
      return !Number.isNaN(timeOf(bytes, 0, bytes.length));
    });
  },
  createOrder: createTimeOf,
  inOrder: true,
  createReader: (context) =>
    new FtraceReader(context, {
      payload: new TraceeventPayload(),
      header: new LineHeader(),
      groups: false,
      prefix: new Uint8Array(0),
      lineStart,
      otherReason: 'it is a line of the log outside of the dumped buffer',
      readOther: (text) => DUMP.test(text),
    }),
};
