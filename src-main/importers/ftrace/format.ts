/** ftrace text: the files `trace` and `trace_pipe` of tracefs, in the ordinary layout and in latency-format. */
import type { Head, TraceFormat } from '../format.ts';
import { matches } from '../input/bytes.ts';
import { LineHeader } from './line.ts';
import { FtraceReader } from './reader.ts';

const NS_PER_SECOND = 1e9;

/** Time of a line by its stamp, for the lines of all dialects. */
export function createOrder(
  header: LineHeader,
  prefix: Uint8Array = new Uint8Array(0),
): (bytes: Buffer, start: number, end: number) => number {
  return (bytes, start, end) => {
    const from = matches(bytes, start, end, prefix) ? start + prefix.length : start;
    return header.read(bytes, from, end) ? header.stampWhole * NS_PER_SECOND + header.stampRest : NaN;
  };
}

/** Lines looked at: free text and loss notes may stand before the first event. */
const LINES_TRIED = 200;

export const ftrace: TraceFormat = {
  name: 'ftrace',
  title: 'ftrace text (trace, trace_pipe)',
  recognise: (head: Head) => {
    const header = new LineHeader();
    return head.lines.slice(0, LINES_TRIED).some((line) => {
      if (line.startsWith('# tracer: ')) return true;
      const bytes = Buffer.from(line, 'latin1');
      return (
        (header.read(bytes, 0, bytes.length) || header.readLatency(bytes, 0, bytes.length)) &&
        /^[A-Za-z_][\w./-]*(:|\(| -> )/.test(line.slice(header.bodyStart))
      );
    });
  },
  createOrder: () => createOrder(new LineHeader()),
  inOrder: true,
  createReader: (context) => new FtraceReader(context),
};
