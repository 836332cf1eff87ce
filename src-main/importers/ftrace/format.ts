/** ftrace text: the files `trace` and `trace_pipe` of tracefs, in the ordinary layout and in latency-format. */
import type { TraceFormat } from '../format.ts';
import type { Head } from '../input/head.ts';
import { STAMP } from '../input/clock.ts';
import { matches } from '../input/bytes.ts';
import { LineHeader } from './line.ts';
import { FtraceReader } from './reader.ts';

const NS_PER_SECOND = 1e9;
const NS_PER_MICROSECOND = 1e3;

/** Time of a line by its stamp, for the lines of all dialects. */
export function createOrder(
  header: LineHeader,
  prefix: Uint8Array = new Uint8Array(0),
): (bytes: Buffer, start: number, end: number) => number {
  return (bytes, start, end) => {
    const from = matches(bytes, start, end, prefix) ? start + prefix.length : start;
    if (!header.read(bytes, from, end) && !header.readLatency(bytes, from, end)) return NaN;
    const units = header.stampWhole * NS_PER_SECOND + header.stampRest;
    return header.stampKind === STAMP.microseconds ? units * NS_PER_MICROSECOND : units;
  };
}

/** CPU of a line, for the lines of all dialects. */
export function createCpuOf(header: LineHeader): (bytes: Buffer, start: number, end: number) => number {
  return (bytes, start, end) =>
    header.read(bytes, start, end) || header.readLatency(bytes, start, end) ? header.cpu : NaN;
}

export const ftrace: TraceFormat = {
  name: 'ftrace',
  title: 'ftrace text (trace, trace_pipe)',
  recognise: (head: Head) => {
    const header = new LineHeader();
    return head.lines.some((line) => {
      if (line.startsWith('# tracer: ')) return true;
      const bytes = Buffer.from(line, 'latin1');
      return (
        (header.read(bytes, 0, bytes.length) || header.readLatency(bytes, 0, bytes.length)) &&
        /^[A-Za-z_][\w./-]*(:|\(| -> )/.test(line.slice(header.bodyStart))
      );
    });
  },
  createOrder: () => createOrder(new LineHeader()),
  createCpuOf: () => createCpuOf(new LineHeader()),
  inOrder: true,
  createReader: (context) => new FtraceReader(context),
};
