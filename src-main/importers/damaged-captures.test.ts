/** Whatever happens to a text on its way here: the importer answers with a trace that makes sense, or says what is wrong. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { WorkbenchError } from '#shared/base/errors.ts';
import { importText, type Collected } from './collect-rows.ts';

const fixtures = new URL('../../test/fixtures/ftrace/', import.meta.url).pathname;
let captures: string[][];
beforeAll(async () => {
  const read = async (name: string): Promise<string> => {
    const bytes = await readFile(fixtures + name);
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
  };
  const texts = await Promise.all(
    ['tgid.txt', 'latfmt.txt', 'clock-uptime.txt', 'wrapped.txt.gz', 'trace_pipe-lost.txt.gz'].map(read),
  );
  captures = texts.map((text) => text.split('\n').slice(0, 300));
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
];

it('imports damaged captures without breaking, inventing or losing track of who runs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 4 }),
      fc.array(
        fc.tuple(
          fc.nat({ max: damages.length - 1 }),
          fc.nat(1000),
          fc.nat(1000),
          fc.string({ unit: 'binary', maxLength: 12 }),
        ),
        { minLength: 1, maxLength: 40 },
      ),
      async (which, changes) => {
        const lines = [...captures[which]!];
        for (const [damage, at, other, text] of changes) {
          if (lines.length > 1) damages[damage]!(lines, at, other, text);
        }
        let trace: Collected;
        try {
          trace = await importText(lines.join('\n'));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(WorkbenchError);
          return;
        }
        expectSense(trace);
      },
    ),
    { numRuns: 300, seed: 20_260 },
  );
}, 120_000);

function expectSense(trace: Collected): void {
  const value = new Map<string, string>();
  let timeNs = 0;
  for (const { kind, cpu, lwp, from, to, timeNs: now } of trace.rows) {
    expect(now).toBeGreaterThanOrEqual(timeNs);
    if (now > timeNs) expectOneCpuEach(value);
    timeNs = now;
    if (kind === 'chain_broken' || kind === 'events_lost' || kind === 'p_alive') continue;
    const subject = `${kind} ${kind.startsWith('cpu_') ? cpu : lwp}`;
    if (value.has(subject)) expect(from).toBe(value.get(subject));
    value.set(subject, to);
    expect(trace.lwps[lwp] !== undefined || lwp === -1).toBe(true);
  }
  expectOneCpuEach(value);
}

/** As many threads are on a CPU as CPUs are busy. */
function expectOneCpuEach(value: ReadonlyMap<string, string>): void {
  let onCpu = 0;
  let busy = 0;
  for (const [subject, now] of value) {
    if (subject.startsWith('t_state') && now === 'ONPROC') onCpu++;
    if (subject.startsWith('cpu_dispthread') && now !== 'idle') busy++;
  }
  expect(onCpu).toBe(busy);
}
