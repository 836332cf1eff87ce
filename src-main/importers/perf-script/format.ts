/** The text of perf script, with scheduler tracepoints: ftrace's payloads or libtraceevent's behind columns of its own. */
import type { TraceFormat } from '../format.ts';
import { createOrder } from '../ftrace/format.ts';
import { LineHeader } from '../ftrace/line.ts';
import { FtraceReader, isSynthesised } from '../ftrace/reader.ts';
import { SPACE } from '../input/bytes.ts';
import { TraceeventPayload } from '../traceevent/payload.ts';

const LINES_TRIED = 200;
/** `comm tid [cpu] seconds: group:event: fields`; the process before the thread and the period where they were asked for */
const EVENT_LINE = /^\s*\S.*?\s+(?:\d+\/)?\d+\s+(?:\[\d{3,}\]\s+)?\d+\.\d{6,9}:\s+(?:\d+ +)?[a-z_]+:\w+:/;
/** `ffffffff810b1234 try_to_wake_up+0x1c ([kernel.kallsyms])`: call chains say nothing about the scheduler. */
const FRAME = /^\s+[0-9a-f]+ .*\(.*\)\s*$/;

export const perfScript: TraceFormat = {
  name: 'perf-script',
  title: 'the text of perf script',
  recognise: (head) => head.lines.slice(0, LINES_TRIED).some((line) => EVENT_LINE.test(line)),
  createOrder: () => {
    const header = new LineHeader(SPACE);
    const timeOf = createOrder(header);
    return (bytes, start, end) => {
      const time = timeOf(bytes, start, end);
      return time === 0 && isSynthesised(header, bytes) ? NaN : time;
    };
  },
  inOrder: true,
  createReader: (context) =>
    new FtraceReader(context, {
      payload: new TraceeventPayload(),
      header: new LineHeader(SPACE),
      groups: true,
      prefix: new Uint8Array(0),
      readOther: (text) => FRAME.test(text),
    }),
};
