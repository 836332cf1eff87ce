/** Text formats of other tools that are known but not read yet: better a clear answer than half a timeline. */
import type { ForeignFormat, Head } from '../format.ts';

const INSTEAD =
  'Record with ftrace and bring the text of its file trace (cat /sys/kernel/tracing/trace > trace.txt) instead.';

const textFormat = (name: string, title: string, recognise: (head: Head) => boolean): ForeignFormat => ({
  name,
  title,
  recognise,
  advice: () => `This version does not read it yet. ${INSTEAD}`,
});

export const textFormats: readonly ForeignFormat[] = [
  textFormat('systrace', 'a systrace page (HTML)', (head) => /^\s*<!DOCTYPE html/i.test(head.text)),
  textFormat('json', 'a JSON trace (Chrome, Perfetto or perf data convert)', (head) =>
    /^\s*(?:\[\s*)?\{/.test(head.text),
  ),
];
