/** The text of trace-cmd report: ftrace's lines, printed by another tool. */
import type { SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import type { TraceFormat } from '../format.ts';
import type { Head } from '../input/head.ts';
import { createCpuOf, createOrder } from '../ftrace/format.ts';
import { LineHeader } from '../ftrace/line.ts';
import { FtraceReader } from '../ftrace/reader.ts';
import { ascii } from '../input/bytes.ts';
import { TraceeventPayload } from '../traceevent/payload.ts';

const LINES_TRIED = 200;
const HEADER = /^(?:cpus=(\d{1,4})|version = \d+|CPU \d+ is empty)\s*$/;
const SWITCH =
  /[:)] +sched_switch:\s+.*:\d+ \[-?\d+\] \S+ ==> .*:\d+ \[-?\d+\](?: Latency: [\d.]+ usecs)?\s*$/;
/** Sums that trace-cmd report -w prints after the last line. */
const SUMS = /^(?:Average wakeup latency|M(?:ax|in)imum Latency): /;
/** A trace buffer that is not the main one is named before each line. */
const BUFFER_NAME = /^[^\s:]{1,64}: (?=.*-\d+ +(?:\([ \d-]+\) +)?\[\d+\] )/;

export const traceCmd: TraceFormat = {
  name: 'trace-cmd',
  title: 'the text of trace-cmd report',
  // Kernels before 2.6.33 print switches like it, below a line of their own.
  recognise: (head) =>
    !head.lines.some((line) => line.startsWith('# tracer: ')) &&
    head.lines.some((line) => HEADER.test(line) || SWITCH.test(line)),
  createOrder: () => createOrder(new LineHeader()),
  createCpuOf: () => createCpuOf(new LineHeader()),
  inOrder: true,
  createReader: (context) =>
    new FtraceReader(context, {
      payload: new TraceeventPayload(),
      header: new LineHeader(),
      groups: false,
      prefix: ascii(bufferName(context.head)),
      readOther,
    }),
};

/** The name that every line of the head begins with, colon included; empty where they do not. */
function bufferName(head: Head): string {
  const lines = head.lines.filter((line) => line !== '' && !HEADER.test(line) && !line.startsWith('CPU:'));
  const name = BUFFER_NAME.exec(lines[0] ?? '')?.[0] ?? '';
  return lines.slice(0, LINES_TRIED).every((line) => line.startsWith(name)) ? name : '';
}

function readOther(text: string, model: SchedulerModel): boolean {
  const match = HEADER.exec(text);
  if (match === null) return SUMS.test(text);
  if (match[1] !== undefined) model.expectCpus(Number(match[1]));
  return true;
}
