/**
 * Whatever happens to a file on its way here: the importer answers with a trace that makes sense, or says what is
 * wrong.
 */
import { readFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { WorkbenchError } from '#shared/base/errors.ts';
import { importText, type Collected } from './collect-rows.ts';

const fixtures = new URL('../../test/fixtures/', import.meta.url).pathname;
const FILES = [
  'ftrace/tgid.txt',
  'ftrace/latfmt.txt',
  'ftrace/clock-uptime.txt',
  'ftrace/wrapped.txt.gz',
  'ftrace/trace_pipe-lost.txt.gz',
  '../../traces/real-lock-markers.ftrace.txt.gz',
  'ftrace/uprobe-lock-events.txt.gz',
  'ftrace/futex-and-kernel-locks.trace-cmd.txt.gz',
  'ftrace/lost-1k.perf-script.txt.gz',
  'formats/bpftrace.log.gz',
  'formats/babeltrace2.txt.gz',
  'formats/schedctl.d.log',
];
const LINES_KEPT = 120;
const MOST_MS = 2000;

let captures: string[][];
beforeAll(async () => {
  const texts = await Promise.all(
    FILES.map(async (name) => {
      const bytes = await readFile(fixtures + name);
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    }),
  );
  captures = texts.map((text) => text.split('\n').slice(0, LINES_KEPT));
  captures.push(asSystrace(captures[0]!), asPerfettoJson(captures[0]!), stateEvents());
});

type Damage = (lines: string[], at: number, other: number, text: string) => void;
const damages: readonly Damage[] = [
  (lines, at) => void lines.splice(at % lines.length, 1),
  (lines, at, count) => void lines.splice(at % lines.length, 1 + (count % 50)),
  (lines, at, to) => void lines.splice(to % lines.length, 0, lines[at % lines.length]!),
  (lines, at, _, text) => void (lines[at % lines.length] = text),
  (lines, at, where, text) => {
    const line = lines[at % lines.length]!;
    const cut = where % (line.length + 1);
    lines[at % lines.length] = line.slice(0, cut) + text + line.slice(cut + text.length);
  },
  (lines, at, where) => void (lines[at % lines.length] = lines[at % lines.length]!.slice(0, where % 120)),
  (lines, at) =>
    void (lines[at % lines.length] = lines[at % lines.length]!.replace(/prev_state=\S+/, 'prev_state=X')),
  (lines, at) => void (lines[at % lines.length] = lines[at % lines.length]!.replace(/\[00\d\]/, '[255]')),
  (lines, at, n) =>
    void (lines[at % lines.length] = lines[at % lines.length]!.replaceAll(/pid=\d+/g, `pid=${n % 40}`)),
  (lines, at, n) =>
    void (lines[at % lines.length] = lines[at % lines.length]!.replace(/\d+/g, (digits) =>
      digits.length > 1 && n % 3 === 0 ? digits.repeat(1 + (n % 4)) : digits,
    )),
  (lines, at, n) => void (lines[at % lines.length] = lines[at % lines.length]!.repeat(1 + (n % 40))),
];

const change = fc.tuple(
  fc.nat({ max: damages.length - 1 }),
  fc.nat(1000),
  fc.nat(1000),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

it('imports damaged captures of every format without breaking, inventing or losing track of who runs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: FILES.length + 2 }),
      fc.array(change, { minLength: 1, maxLength: 40 }),
      async (which, changes) => {
        const lines = [...captures[which]!];
        for (const [damage, at, other, text] of changes) {
          if (lines.length > 1) damages[damage]!(lines, at, other, text);
        }
        await expectAnswer(lines.join('\n'));
      },
    ),
    { numRuns: 1300, seed: 20_260 },
  );
}, 240_000);

it('answers to damaged bytes, and to cut and damaged compressed data', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: FILES.length + 2 }),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 30 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      async (which, changes, cut, compressed) => {
        const text = Buffer.from(captures[which]!.join('\n'), 'latin1');
        const bytes = compressed ? gzipSync(text) : text;
        for (const [at, value] of changes) bytes[Math.floor(at * (bytes.length - 1))] = value;
        await expectAnswer(cut < 0.5 ? bytes : bytes.subarray(0, Math.floor(bytes.length * cut)));
      },
    ),
    { numRuns: 400, seed: 7 },
  );
}, 120_000);

it('answers to files of anything', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 3000 }),
        fc.string({ unit: 'binary', maxLength: 3000 }),
        fc.json().map((json) => `{"traceEvents":[${json}`),
        fc
          .array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', '"ph":"X"', '"systemTraceEvents":"'), {
            maxLength: 200,
          })
          .map((parts) => `{"traceEvents":[${parts.join('')}`),
      ),
      expectAnswer,
    ),
    { numRuns: 300, seed: 11 },
  );
}, 60_000);

/** A trace that makes sense, or an error with a code and a sentence; soon. */
async function expectAnswer(content: string | Uint8Array): Promise<void> {
  const startedMs = performance.now();
  let trace: Collected | null = null;
  try {
    trace = await importText(content);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(WorkbenchError);
    const { code, message } = thrown as WorkbenchError;
    expect(['unknown-format', 'unreadable', 'import-failed']).toContain(code);
    expect(message).toMatch(/\S.*[.:…]|\S/);
  }
  expect(performance.now() - startedMs).toBeLessThan(MOST_MS);
  if (trace !== null) expectSense(trace);
}

function expectSense(trace: Collected): void {
  // A file of states may say that a thread runs, and not where.
  const isExact = trace.report.format !== 'chrome-json';
  const value = new Map<string, string>();
  let timeNs = 0;
  let onCpu = 0;
  let busy = 0;
  /** As many threads are on a CPU as CPUs are busy. */
  const expectOneCpuEach = (): void => {
    if (isExact) expect(onCpu).toBe(busy);
    else expect(onCpu).toBeGreaterThanOrEqual(busy);
  };
  for (const { kind, cpu, lwp, object, from, to, timeNs: now } of trace.rows) {
    expect(now).toBeGreaterThanOrEqual(timeNs);
    if (now > timeNs) expectOneCpuEach();
    timeNs = now;
    if (NOTES.has(kind)) continue;
    const id = kind.startsWith('cpu_') ? cpu : OF_OBJECT.test(kind) ? object : lwp;
    const subject = `${kind} ${id}`;
    if (value.has(subject)) expect(from).toBe(value.get(subject));
    value.set(subject, to);
    if (kind === 't_state') onCpu += Number(to === 'ONPROC') - Number(from === 'ONPROC');
    if (kind === 'cpu_dispthread') busy += Number(to !== 'idle') - Number(from !== 'idle');
    expect(trace.lwps[lwp] !== undefined || lwp === -1).toBe(true);
  }
  expectOneCpuEach();
}

/** Rows that assign nothing. */
const NOTES: ReadonlySet<string> = new Set(['chain_broken', 'events_lost', 'decision']);
const OF_OBJECT = /^(?:sc_|slot_|page_|sync_|p_)/;

function asSystrace(lines: readonly string[]): string[] {
  return ['<!DOCTYPE html>', '<script class="trace-data" type="application/text">', ...lines, '</script>'];
}

function asPerfettoJson(lines: readonly string[]): string[] {
  return JSON.stringify({ traceEvents: [], systemTraceEvents: lines.join('\n') }, null, 1).split('\n');
}

/** Three threads that take turns on two CPUs. */
function stateEvents(): string[] {
  const events = Array.from({ length: 120 }, (_, index) => {
    const tid = index % 3;
    const isOn = tid < 2;
    const name = isOn ? 'running' : 'preempted';
    return `{"ph":"X","cat":"lwp_state","name":"${name}","pid":1,"tid":${tid + 1},"ts":${index},"dur":3,"args":{"cpu":${isOn ? tid : 0}}},`;
  });
  return ['{"traceEvents":[', ...events];
}
