/** Chrome's trace event format (JSON): this program's own export, Perfetto's, and others with thread states. */
import type { TraceFormat } from '../format.ts';
import type { Head } from '../input/head.ts';
import { createOrder } from '../ftrace/format.ts';
import { LineHeader } from '../ftrace/line.ts';
import { ChromeReader, timeOfEntry } from './reader.ts';
import { ChromeUnwrapper } from './unwrap.ts';

const OPEN_BRACE = 0x7b;
/** An array whose first entry has a phase, or an object with one of the format's keys at its beginning. */
const ARRAY = /^\s*\[\s*\{[^{}]{0,1000}"ph"\s*:/;
const OBJECT = /^\s*\{[^]{0,32768}?"(?:traceEvents|systemTraceEvents)"\s*:/;

export const chromeJson: TraceFormat = {
  name: 'chrome-json',
  title: "JSON trace events (Chrome, Perfetto, this program's own export)",
  recognise: (head: Head) => ARRAY.test(head.text) || OBJECT.test(head.text),
  createOrder: () => {
    const orderOfText = createOrder(new LineHeader());
    return (bytes, start, end) =>
      bytes[start] === OPEN_BRACE ? timeOfEntry(bytes, start, end) : orderOfText(bytes, start, end);
  },
  // Exports write one track after the other, so the whole file has to be put in order.
  lookAhead: { bytes: 192 << 20, lines: 1 << 21 },
  createUnwrapper: () => new ChromeUnwrapper(),
  createReader: (context) => new ChromeReader(context),
};
