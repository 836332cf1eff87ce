import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TraceDatabase } from '../store/read/trace-database.ts';
import { temporaryFolder } from '../store/testing/temporary-folder.ts';
import { verifyTrace } from '../store/verify/verify.ts';
import { recordTrace, type ProducerSpec, type RecordProgress } from './record-trace.ts';

const file = temporaryFolder();
const folder = dirname(file('x'));
const scenarios = join(import.meta.dirname, '../../traces/scenarios');
const filesOf = (name: string): string[] => readdirSync(folder).filter((entry) => entry.startsWith(name));

function scenario(name: string, further: Partial<ProducerSpec & { kind: 'scenario' }> = {}): ProducerSpec {
  return { kind: 'scenario', text: readFileSync(join(scenarios, name), 'utf8'), fileName: name, ...further };
}

describe('recording a scenario', () => {
  it('gives a complete trace that verifies, the same every time', async () => {
    const producer = scenario('lock-convoy.yaml', { durationNs: 2e8, seed: 11 });
    const first = await recordTrace({ producer, path: file('first.sctrace') });
    const second = await recordTrace({ producer, path: file('second.sctrace') });
    expect(first).toMatchObject({ complete: true, incompleteReason: null, error: null });
    expect(first.events).toBeGreaterThan(1000);
    expect([second.digest, second.events]).toEqual([first.digest, first.events]);
    expect(verifyTrace(first.path)).toMatchObject({ ok: true, events: first.events });
    expect(filesOf('first')).toEqual(['first.sctrace']);
    const trace = TraceDatabase.open(first.path);
    expect(trace.meta).toMatchObject({ source: 'emulator', tickNs: 1e7, digest: first.digest });
    expect(trace.meta.sourceDetail).toContain('seed 11');
    expect(trace.meta.scenario).toBe(producer.kind === 'scenario' ? producer.text : '');
    trace.close();
  });

  it('keeps what it has when it is cancelled', async () => {
    const cancel = new AbortController();
    const seen: RecordProgress[] = [];
    const result = await recordTrace({
      producer: scenario('lock-convoy.yaml', { durationNs: 3600e9 }),
      path: file('cancelled.sctrace'),
      signal: cancel.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (seen.length === 2) cancel.abort();
      },
    });
    expect(result).toMatchObject({
      complete: false,
      incompleteReason: 'It was cancelled before the end.',
      error: { code: 'cancelled' },
      path: file('cancelled.sctrace.part'),
    });
    expect(filesOf('cancelled')).toEqual(['cancelled.sctrace.part']);
    expect(result.events).toBeGreaterThanOrEqual(seen[1]!.events);
    expect(seen[1]!.timeNs).toBeGreaterThan(seen[0]!.timeNs);
    expect(seen[1]!.fraction).toBeGreaterThan(0);
    expect(seen[1]!.fraction).toBeLessThan(1);
    expect(seen[1]!.eventsPerSecond).toBeGreaterThan(0);
    expect(verifyTrace(result.path)).toMatchObject({ ok: true, events: result.events });
  });

  it('makes no file of a scenario with a mistake', async () => {
    const producer: ProducerSpec = { kind: 'scenario', text: 'cpus: many\n', fileName: 'bad.yaml' };
    await expect(recordTrace({ producer, path: file('mistake.sctrace') })).rejects.toMatchObject({
      code: 'scenario-invalid',
      context: { file: 'bad.yaml', line: 1 },
    });
    expect(filesOf('mistake')).toEqual([]);
  });

  it('leaves an existing trace alone until the new one is complete', async () => {
    const path = file('kept.sctrace');
    writeFileSync(path, 'the old one');
    const producer: ProducerSpec = { kind: 'scenario', text: '', fileName: 'bad.yaml' };
    await expect(recordTrace({ producer, path })).rejects.toMatchObject({ code: 'scenario-invalid' });
    expect(readFileSync(path, 'utf8')).toBe('the old one');
  });

  it('stops at a full disk and names the file that holds the rest', async () => {
    const path = file('full.sctrace');
    await expect(
      recordTrace({ producer: scenario('lock-convoy.yaml', { durationNs: 3600e9 }), path, maxBytes: 8e6 }),
    ).rejects.toMatchObject({ code: 'disk-full', context: { file: `${path}.part` } });
    expect(existsSync(path)).toBe(false);
    const trace = TraceDatabase.open(`${path}.part`);
    expect(trace.meta.complete).toBe(false);
    expect(trace.events).toBeGreaterThan(0);
    trace.close();
    expect(verifyTrace(`${path}.part`).ok).toBe(true);
  });

  it('says where it cannot write', async () => {
    const path = file('no-such-folder/x.sctrace');
    await expect(recordTrace({ producer: scenario('lock-convoy.yaml'), path })).rejects.toMatchObject({
      code: 'unreadable',
    });
  });
});

const SWITCHES = `# tracer: nop
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
             a-101     [000] d..2.   100.000001: sched_switch: prev_comm=a prev_pid=101 prev_prio=120 prev_state=R ==> next_comm=b next_pid=102 next_prio=120
             b-102     [000] d..2.   100.000051: sched_switch: prev_comm=b prev_pid=102 prev_prio=120 prev_state=S ==> next_comm=a next_pid=101 next_prio=120
`;

describe('importing', () => {
  it('gives a trace with what the importer reports', async () => {
    const source = file('switches.txt');
    writeFileSync(source, SWITCHES);
    const result = await recordTrace({
      producer: { kind: 'import', path: source },
      path: file('imported.sctrace'),
    });
    expect(result).toMatchObject({ complete: true, durationNs: 50_000 });
    expect(result.report).toMatchObject({ format: 'ftrace', events: 2 });
    expect(result.warnings).toEqual(result.report!.warnings);
    expect(verifyTrace(result.path).ok).toBe(true);
    const trace = TraceDatabase.open(result.path);
    expect(trace.meta).toMatchObject({
      source: 'ftrace',
      sourceDetail: 'switches.txt',
      tickNs: null,
      hasSchedctl: false,
    });
    trace.close();
  });

  it('makes no file of what is no trace', async () => {
    const source = file('letter.txt');
    writeFileSync(source, 'Dear reader,\n');
    await expect(
      recordTrace({ producer: { kind: 'import', path: source }, path: file('letter.sctrace') }),
    ).rejects.toMatchObject({ code: 'unknown-format' });
    expect(filesOf('letter.sctrace')).toEqual([]);
  });
});

/** Two threads that take turns, at these stamps in seconds. */
function switchesAt(path: string, seconds: readonly string[]): string {
  const lines = seconds.map((stamp, at) => {
    const [from, to] = at % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
    const pid = { a: 11, b: 12 };
    return `  ${from}-${pid[from as 'a']} [000] d..2. ${stamp}: sched_switch: prev_comm=${from} prev_pid=${pid[from as 'a']} prev_prio=120 prev_state=S ==> next_comm=${to} next_pid=${pid[to as 'a']} next_prio=120`;
  });
  writeFileSync(path, `# tracer: nop\n${lines.join('\n')}\n`);
  return path;
}

describe('an import whose stamps jump', () => {
  it.each([
    [
      'from uptime to the time of day',
      ['100.000001', '100.000002', '1764500000.000001', '1764500000.000002'],
    ],
    ['over the longest that a trace may be', ['0.000001', '0.000002', '9007199.254741', '9007199.254750']],
    ['to a number that no clock has', ['1.000001', '1.000002', '99999999999999999999.000001', '1.000003']],
  ])('%s leaves a file that opens, whatever it is called', async (what, seconds) => {
    const name = `jump-${what.replaceAll(' ', '-')}`;
    const source = switchesAt(file(`${name}.txt`), seconds);
    const path = file(`${name}.sctrace`);
    const made = await recordTrace({ producer: { kind: 'import', path: source }, path });
    expect(verifyTrace(made.path)).toMatchObject({ ok: true, events: made.events });
    if (made.error === null) expect(made.path).toBe(path);
    else expect(made.error.message).toContain('days after the first');
    expect(filesOf(`${name}.sctrace`)).toHaveLength(1);
  });
});
