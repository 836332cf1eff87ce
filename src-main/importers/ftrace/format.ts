/** ftrace text: the files `trace` and `trace_pipe` of tracefs, in the ordinary layout and in latency-format. */
import type { Head, TraceFormat } from '../format.ts';
import { LineHeader } from './line.ts';
import { FtraceReader } from './reader.ts';

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
  createReader: (model, report) => new FtraceReader(model, report),
};
