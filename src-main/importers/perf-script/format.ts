/** The text of perf script, with scheduler tracepoints: ftrace's payloads behind columns of its own. */
import type { TraceFormat } from '../format.ts';
import { createOrder } from '../ftrace/format.ts';
import { LineHeader } from '../ftrace/line.ts';
import { Payload } from '../ftrace/payload.ts';
import { FtraceReader } from '../ftrace/reader.ts';
import { SPACE } from '../input/bytes.ts';

const LINES_TRIED = 200;
/** `comm tid [cpu] seconds: group:event: fields` */
const EVENT_LINE = /^\s*\S.*?\s+\d+\s+\[\d{3,}\]\s+\d+\.\d{6,9}:\s+[a-z_]+:\w+:/;

export const perfScript: TraceFormat = {
  name: 'perf-script',
  title: 'the text of perf script',
  recognise: (head) => head.lines.slice(0, LINES_TRIED).some((line) => EVENT_LINE.test(line)),
  createOrder: () => createOrder(new LineHeader(SPACE)),
  inOrder: true,
  createReader: (context) =>
    new FtraceReader(context, {
      payload: new Payload(),
      header: new LineHeader(SPACE),
      groups: true,
      prefix: new Uint8Array(0),
      readOther: () => false,
    }),
};
