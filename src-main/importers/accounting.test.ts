/**
 * Nothing is dropped in silence: events, lines skipped with a reason, and lines that tell no event are all lines of a
 * file.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { TransitionSink } from '#shared/model/transition-batch.ts';
import type { ImportReport } from './import-report.ts';
import { importTrace } from './import-trace.ts';

const root = new URL('../../', import.meta.url).pathname;
const nowhere: TransitionSink = { write: (batch) => Promise.resolve(batch) };
const folder = mkdtempSync(join(tmpdir(), 'accounting-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Refused as a whole, or no traces. */
const REFUSED =
  /^(?:README\.md|locklogs|.*\.(?:dat|data|json)|latency\.txt|map\.txt|timehist\.txt|11-.*|20-.*|27-.*|28-.*|32-.*|perf-data-convert\.json\.txt)$/;
const FOLDERS = ['traces', 'test/fixtures/ftrace', 'test/fixtures/formats', 'test/fixtures/faults'];
const FILES = FOLDERS.flatMap((path) =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:txt|log)(?:\.gz)?$/.test(entry.name))
    .filter(({ name }) => !REFUSED.test(name))
    .map(({ name }) => join(path, name)),
);

const unaccounted = ({ lines, events, skipped, otherLines }: ImportReport): number =>
  lines - events - otherLines - skipped.reduce((sum, { count }) => sum + count, 0);

const textOf = (path: string): string => {
  const bytes = readFileSync(join(root, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
};

async function importLines(name: string, lines: readonly string[]): Promise<ImportReport> {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'), 'latin1');
  return importTrace(path, nowhere);
}

describe.each(FILES)('%s', (path) => {
  it('has every line in one of the sums', async () => {
    const report = await importTrace(join(root, path), nowhere);
    expect(unaccounted(report)).toBe(0);
    expect(report.events).toBeGreaterThan(0);
  });

  it('has those in them, too, that a person or a console put between', async () => {
    const text = textOf(path);
    const put = ['', '# a comment', '\t', 'not a line of this trace', '   ', 'CPU:0 [LOST 3 EVENTS]', '', ''];
    const lines = text.split('\n').slice(0, 400);
    const disturbed = lines.flatMap((line, index) =>
      index % 9 === 8 ? [line, put[Math.floor(index / 9) % put.length]!] : [line],
    );
    const report = await importLines(basename(path, '.gz'), disturbed);
    expect(unaccounted(report)).toBe(0);
    expect(report.lines).toBe(disturbed.at(-1) === '' ? disturbed.length - 1 : disturbed.length);
  });
});

it('JSON with entries and text of a trace has the lines of both in the sums', async () => {
  const text = ['# tracer: nop', '', 'a-11 [000] d..2. 100.000001: x: 1', 'a-11 [000] junk', ''];
  const entries = [
    { ph: 'M', name: 'process_name', pid: 5, tid: 0, args: { name: 'app' } },
    { ph: 'X', name: 'a slice of a program', pid: 5, tid: 2, ts: 1, dur: 2 },
    { ph: 'X', name: 'running', pid: 'x'.repeat(3), tid: null, ts: 1, dur: 2 },
    { ph: 'X', name: 'running', pid: 5, tid: 2, ts: 3, dur: 2, args: { cpu: 0 } },
  ];
  for (const traceEvents of [entries, []]) {
    const json = JSON.stringify({ traceEvents, systemTraceEvents: text.join('\n') });
    const report = await importLines('both.json', [json]);
    expect(unaccounted(report)).toBe(0);
    expect(report.events).toBe(traceEvents.length > 0 ? 2 : 1);
  }
});

describe('a systrace page', () => {
  const line = (us: number): string =>
    `a-11 [000] d..2. 100.${String(us).padStart(6, '0')}: sched_switch: prev_comm=a prev_pid=11 prev_prio=120 prev_state=R ==> next_comm=b next_pid=12 next_prio=120`;

  it('has lines before the trace and a line that was broken in the sums, and goes on after that', async () => {
    const report = await importLines('broken.html', [
      '<!DOCTYPE HTML>',
      '<script>',
      '  var linuxPerfData = "\\',
      '# tracer: nop\\n\\',
      `${line(1)}\\n\\`,
      line(2).slice(0, 60),
      `${line(3)}\\n\\`,
      '\\n";',
      '</script>',
    ]);
    expect(report.events).toBe(2);
    expect(report.skipped).toMatchObject([{ count: 1, firstLine: 6 }]);
    expect(unaccounted(report)).toBe(0);
  });

  it('needs no header in its script, and has what stands before the trace in the sums', async () => {
    const report = await importLines('headless.html', [
      '<!DOCTYPE html>',
      '<script class="trace-data" type="application/text">',
      'USER PID',
      'root 1',
      line(1),
      line(2),
      '</script>',
      '</html>',
    ]);
    expect(report).toMatchObject({ events: 2, skipped: [], otherLines: 6 });
    expect(unaccounted(report)).toBe(0);
  });
});
