/** Text formats of other tools that are known but not read yet: better a clear answer than half a timeline. */
import type { ForeignFormat, Head } from '../format.ts';

const LINES_TRIED = 200;
const INSTEAD =
  'Record with ftrace and bring the text of its file trace (cat /sys/kernel/tracing/trace > trace.txt) instead.';

const anyLine =
  (pattern: RegExp) =>
  (head: Head): boolean =>
    head.lines.slice(0, LINES_TRIED).some((line) => pattern.test(line));

const textFormat = (name: string, title: string, recognise: (head: Head) => boolean): ForeignFormat => ({
  name,
  title,
  recognise,
  advice: () => `This version does not read it yet. ${INSTEAD}`,
});

export const textFormats: readonly ForeignFormat[] = [
  textFormat(
    'perf-script',
    'the text of perf script',
    anyLine(/^\s*\S.*?\s+\d+(?:\/\d+)?\s+\[\d{3,}\]\s+\d+\.\d{6,9}:\s+(?:\d+ )?[a-z_]+:[a-z_]+:/),
  ),
  textFormat('systrace', 'a systrace page (HTML)', (head) => /^\s*<!DOCTYPE html/i.test(head.text)),
  textFormat('json', 'a JSON trace (Chrome, Perfetto or perf data convert)', (head) =>
    /^\s*(?:\[\s*)?\{/.test(head.text),
  ),
];
