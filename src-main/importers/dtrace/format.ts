/** The log of traces/scripts/schedctl.d, from illumos and Oracle Solaris. */
import type { TraceFormat } from '../format.ts';
import { parseLine } from './line.ts';
import { DtraceReader } from './reader.ts';

export const dtrace: TraceFormat = {
  name: 'dtrace',
  title: 'the log of the DTrace script schedctl.d',
  recognise: (head) => head.lines.some((line) => typeof parseLine(line) !== 'string'),
  createOrder: () => (bytes, start, end) => {
    const line = parseLine(bytes.toString('latin1', start, end));
    return typeof line === 'string' ? NaN : Number(line.time);
  },
  createReader: (context) => new DtraceReader(context),
};
