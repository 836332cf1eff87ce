/**
 * The text of perf script, with scheduler tracepoints: ftrace's payloads or libtraceevent's behind columns of its own.
 */
import type { TraceFormat } from '../format.ts';
import { createCpuOf, createOrder } from '../ftrace/format.ts';
import { LineHeader } from '../ftrace/line.ts';
import { FtraceReader, isSynthesised } from '../ftrace/reader.ts';
import { SPACE } from '../input/bytes.ts';
import { TraceeventPayload } from '../traceevent/payload.ts';

/**
 * `comm tid [cpu] seconds: group:event: fields`; the process before the thread and the period where they were asked for
 */
const EVENT_LINE =
  /^\s*\S.*?\s+(?:-?\d+\/)?-?\d+\s+(?:\[\d{3,}\]\s+)?(?:[A-Za-z]{1,8}\s+)?-?\d+\.\d{6,9}:\s+(?:\d+ +)?[a-z_]\w*:\w+:/;
/** A sample of a counter, or a record of perf: tracepoints may follow much later. */
const SAMPLE_LINE =
  /^\s*\S.*?\s+(?:-?\d+\/)?-?\d+\s+(?:\[\d{3,}\]\s+)?(?:[A-Za-z]{1,8}\s+)?-?\d+\.\d{6,9}:\s+(?:\d+ +[\w:/,.=-]+: |PERF_RECORD_)/;
/** `ffffffff810b1234 try_to_wake_up+0x1c ([kernel.kallsyms])`: call chains say nothing about the scheduler. */
const FRAME = /^\s+[0-9a-f]{1,16}(?: .*)?$/;

export const perfScript: TraceFormat = {
  name: 'perf-script',
  title: 'the text of perf script',
  recognise: (head) => head.lines.some((line) => EVENT_LINE.test(line) || SAMPLE_LINE.test(line)),
  createOrder: () => {
    const header = new LineHeader(SPACE);
    const timeOf = createOrder(header);
    return (bytes, start, end) => {
      const time = timeOf(bytes, start, end);
      return time === 0 && isSynthesised(header, bytes) ? NaN : time;
    };
  },
  createCpuOf: () => createCpuOf(new LineHeader(SPACE)),
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
