/**
 * Captures of the rseq time slice extension on Linux 7.2, with what the kernel counted and what another program found
 * in the text; where they are from is said in test/fixtures/slice-extension/README.md.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { DECISION } from '#shared/model/enums.ts';
import { importPath, type Collected, type Row } from './collect-rows.ts';

const folder = new URL('../../test/fixtures/slice-extension/', import.meta.url).pathname;
const file = (capture: string, name: string): string => `${folder}${capture}/${name}`;
const textOf = (capture: string): string =>
  file(
    capture,
    readdirSync(`${folder}${capture}`).find((name) => /^(trace|script-ns|report-t)\.txt\.gz$/.test(name))!,
  );
const statsOf = (capture: string): [string, string] => [file(capture, 'w.stats1'), file(capture, 'w.stats0')];

/** A text without every fiftieth of its lines, at random; comments stay. */
function withLoss(text: string, seed: number): string {
  let state = seed;
  const isLost = (): boolean => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state < 0.02 * 2 ** 32;
  };
  return text
    .split('\n')
    .filter((line) => line.startsWith('#') || !isLost())
    .join('\n');
}

const made: string[] = [];
const folderFor = (name: string): string => {
  const path = mkdtempSync(join(tmpdir(), `slice-${name}-`));
  made.push(path);
  return path;
};
afterAll(() => made.forEach((path) => rmSync(path, { recursive: true, force: true })));

interface Expected {
  readonly expected: {
    readonly granted: number;
    readonly granted_without_timer: number | null;
    readonly yielded_in_time: number;
    readonly expired: number;
    readonly aborted_by_other_syscall: number;
  };
  readonly timer: { readonly starts: number; readonly ends: Readonly<Record<string, number>> };
  readonly locks: {
    readonly acquisitions: number;
    readonly holds_with_switch_out: number;
    readonly off_cpu_while_holding_ns: number;
  };
}
const expectedOf = (capture: string): Expected =>
  JSON.parse(readFileSync(file(capture, 'expected.json'), 'utf8')) as Expected;

/** What grants.csv calls an end, from a decision. */
const END: Readonly<Record<string, string>> = {
  sys_rseq_slice_yield: 'yielded',
  rseq_slice_expired: 'expired',
  rseq_slice_revoked: 'switched out',
  rseq_syscall_enter_work: 'aborted',
};

interface Grant {
  readonly atNs: Ns;
  readonly tid: number;
  readonly cpu: CpuId;
  readonly end: string;
  readonly endNs: Ns;
}

/** Grants as grants.csv has them; an end with the name of a call is `aborted by getpid`. */
function truth(capture: string): Grant[] {
  const [head, ...lines] = gunzipSync(readFileSync(file(capture, 'grants.csv.gz')))
    .toString()
    .trim()
    .split('\n');
  const at = (name: string): number => head!.split(',').indexOf(name);
  return lines.map((line) => {
    const cells = line.split(',');
    return {
      atNs: Number(cells[at('t')]),
      tid: Number(cells[at('tid')]),
      cpu: Number(cells[at('cpu')]),
      end: cells[at('end')]!,
      endNs: Number(cells[at('end_t')]),
    };
  });
}

/**
 * Grants as the rows have them; an end that is not known is ''. What ends at an expiry and is yielded there has its
 * first end.
 */
function found(trace: Collected): Grant[] {
  const [seconds, fraction] = trace.report.origin!.split('.');
  const originNs = Number(seconds) * 1e9 + Number(fraction!.padEnd(9, '0'));
  const grants: Grant[] = [];
  const open = new Map<number, number>();
  let call = '';
  for (const row of trace.rows) {
    if (row.kind === 'slice_syscall') call = trace.syscalls[row.object]!.name;
    if (row.kind === 'sc_nopreempt' && row.cause === 'import_gap') open.delete(row.lwp);
    if (row.kind !== 'decision') continue;
    if (row.object === DECISION.deferredAtPreempt) {
      open.set(row.lwp, grants.length);
      const { lwpNumber } = trace.lwps[row.lwp]!;
      grants.push({ atNs: originNs + row.timeNs, tid: lwpNumber, cpu: row.cpu, end: '', endNs: 0 });
      continue;
    }
    const index = open.get(row.lwp);
    if (index === undefined) continue;
    open.delete(row.lwp);
    if (row.object === DECISION.endedByCall) continue;
    const end = `${END[row.cause]!}${row.object === DECISION.aborted && call !== '' ? ` by ${call}` : ''}`;
    grants[index] = { ...grants[index]!, end, endNs: originNs + row.timeNs };
    call = '';
  }
  return grants;
}

const decisions = (rows: readonly Row[], outcome: number, cause?: string): number =>
  rows.filter(
    (row) =>
      row.kind === 'decision' && row.object === outcome && (cause === undefined || row.cause === cause),
  ).length;

const said = (trace: Collected): string => trace.report.warnings.join('\n');

/** Holds as the rows have them: by the lock's owner. */
function holds(trace: Collected): { readonly count: number; readonly switchedOut: number } {
  let count = 0;
  let switchedOut = 0;
  const open = new Map<number, { lwp: LwpId; out: boolean }>();
  for (const row of trace.rows) {
    if (row.kind === 't_state') {
      for (const hold of open.values()) if (hold.lwp === row.lwp && row.from === 'ONPROC') hold.out = true;
    }
    if (row.kind !== 'sync_owner') continue;
    const before = open.get(row.object);
    if (before !== undefined) {
      count++;
      if (before.out) switchedOut++;
    }
    open.delete(row.object);
    if (row.to !== '-1') open.set(row.object, { lwp: Number(row.to), out: false });
  }
  return { count, switchedOut };
}

describe('a grant without a timer', () => {
  it.each([
    ['convoy-ext', '18 (4.4 %) had none'],
    ['expire', '84 (15.9 %) had none'],
    ['abort', '84 (14.6 %) had none'],
    ['convoy-ext-5us', '81 (38.9 %) had none'],
  ])('in %s is told of with the kernel’s counters', async (capture, text) => {
    const { expected } = expectedOf(capture);
    const trace = await importPath(textOf(capture), { rseqStats: statsOf(capture) });
    expect(said(trace)).toContain(`The kernel granted ${expected.granted} time slice extensions`);
    expect(said(trace)).toContain(text);
  });

  it('is said to be possible without them', async () => {
    const trace = await importPath(textOf('convoy-ext'));
    expect(said(trace)).toContain(
      'shows 394 time slice extensions by their timers. There may have been more',
    );
    expect(said(trace)).not.toContain('sched_yield calls');
  });

  it('is the only kind where no timer was recorded', async () => {
    const trace = await importPath(textOf('perf-sched'), { rseqStats: statsOf('perf-sched') });
    expect(found(trace)).toEqual([]);
    expect(said(trace)).toContain('The kernel granted 146 time slice extensions');
    expect(said(trace)).toContain('it has no events of timers');
  });
});

it('a thread that yields its extension is shown as yielded, one that loses it as preempted', async () => {
  const trace = await importPath(textOf('convoy-ext'));
  const reason = new Map<number, string>();
  const ended = new Map<number, string>();
  const left = new Map<string, number>();
  for (const row of trace.rows) {
    if (row.kind === 'off_cpu_reason') reason.set(row.lwp, row.to);
    if (row.kind === 'decision' && row.object !== DECISION.deferredAtPreempt) ended.set(row.lwp, row.cause);
    if (row.kind !== 't_state' || row.from !== 'ONPROC' || !ended.has(row.lwp)) continue;
    const key = `${ended.get(row.lwp)!}: ${reason.get(row.lwp)!}`;
    ended.delete(row.lwp);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  expect(Object.fromEntries(left)).toEqual({
    'sys_rseq_slice_yield: yielded': 255,
    'rseq_slice_expired: preempted': 139,
  });
});

describe('perf script with the symbols of another machine', () => {
  const text = file('perf', 'script-ns.read-on-another-machine.txt.gz');

  it('shows no extension, and it is said which timer is most likely its own', async () => {
    const trace = await importPath(text);
    expect(found(trace)).toEqual([]);
    expect(said(trace)).toContain('times a thread armed a timer with the function bpf_int_jit_compile');
    expect(said(trace)).toContain('--kallsyms');
  });

  it('says nothing of the kind of a trace whose functions have their names', async () => {
    for (const capture of ['convoy-plain', 'never']) {
      expect(said(await importPath(textOf(capture)))).not.toContain('--kallsyms');
    }
  });

  it('has every extension where the text has addresses and the symbols of its kernel are given', async () => {
    const path = folderFor('addresses');
    const addresses = { rseq_slice_expired: 'ffffffff8115c2a0', hrtick: 'ffffffff810e5d50' };
    let lines = gunzipSync(readFileSync(file('perf', 'script-ns.txt.gz'))).toString();
    for (const [name, address] of Object.entries(addresses)) {
      lines = lines.replaceAll(new RegExp(`function=${name}\\S*`, 'g'), `function=0x${address}`);
    }
    writeFileSync(`${path}/script.txt`, lines);
    const symbols = Object.entries(addresses).map(([name, address]) => `${address} t ${name}\n`);
    writeFileSync(`${path}/kallsyms`, `ffffffff81000000 T _stext\n${symbols.join('')}`);

    const without = await importPath(`${path}/script.txt`);
    expect(found(without)).toEqual([]);
    expect(said(without)).toContain(`with the function 0x${addresses.rseq_slice_expired}`);
    const trace = await importPath(`${path}/script.txt`, { kallsyms: `${path}/kallsyms` });
    expect(found(trace)).toEqual(truth('perf'));
  });
});

describe('markers and a lock log of one run', () => {
  const locks = file('markers', 'w.locks.csv.gz');
  const { locks: known } = expectedOf('markers');

  it('are two records of the same holds, and told once, as the log has them', async () => {
    const trace = await importPath(textOf('markers'), { locks });
    expect(trace.syncs).toHaveLength(1);
    expect(holds(trace)).toEqual({ count: known.acquisitions, switchedOut: known.holds_with_switch_out });
    expect(trace.report.repairs.map(({ kind }) => kind)).not.toContain('taken_while_held');
    expect(trace.report.repeated).toBe(3 * known.acquisitions);
  });

  it('alone, markers that are written late cut a hold at the next, which is reported as a repair', async () => {
    const trace = await importPath(textOf('markers'));
    expect(trace.report.repairs.find(({ kind }) => kind === 'taken_while_held')).toMatchObject({
      count: 135,
    });
  });
});

describe.each([
  'abort',
  'convoy-ext',
  'convoy-ext-5us',
  'convoy-plain',
  'expire',
  'markers',
  'markers-inside',
  'never',
  'perf',
  'tracecmd-v6',
  'tracecmd-v7',
])('%s', (capture) => {
  const { expected, timer } = expectedOf(capture);
  let trace: Collected;
  beforeAll(async () => {
    trace = await importPath(textOf(capture));
  }, 60_000);

  it('has every grant and end where another program finds them', () => {
    expect(trace.report.skipped).toEqual([]);
    expect(found(trace)).toEqual(truth(capture));
  });

  it('counts what the kernel counted, but for grants without a timer', () => {
    const { rows } = trace;
    expect({
      granted: decisions(rows, DECISION.deferredAtPreempt),
      yielded: decisions(rows, DECISION.yielded),
      expired: decisions(rows, DECISION.forced, 'rseq_slice_expired'),
      aborted: decisions(rows, DECISION.aborted),
      unknown: decisions(rows, DECISION.endedByCall),
    }).toEqual({
      granted: timer.starts,
      yielded: expected.yielded_in_time,
      expired: expected.expired,
      aborted: expected.aborted_by_other_syscall,
      unknown: 0,
    });
    expect(timer.starts).toBe(expected.granted - (expected.granted_without_timer ?? 0));
  });
});

describe('where a fiftieth of the lines is missing', () => {
  it.each(['abort', 'convoy-ext', 'expire', 'perf', 'tracecmd-v7'])(
    'in %s, an extension ends as it did or in an unknown way',
    async (capture) => {
      const path = `${folderFor('loss')}/trace.txt`;
      const text = gunzipSync(readFileSync(textOf(capture))).toString('latin1');
      const whole = new Map(
        truth(capture).map(({ atNs, tid, ...grant }) => [`${tid} at ${atNs}`, grant] as const),
      );
      for (const seed of [1, 2, 3]) {
        writeFileSync(path, withLoss(text, seed));
        const grants = found(await importPath(path));
        const known = grants.filter(({ end }) => end !== '');
        const wrong = known.filter(({ atNs, tid, end, endNs }) => {
          const grant = whole.get(`${tid} at ${atNs}`);
          return grant?.end !== end || grant.endNs !== endNs;
        });
        expect(wrong).toEqual([]);
        expect(known.length).toBeGreaterThan(0.9 * whole.size);
      }
    },
    60_000,
  );
});
