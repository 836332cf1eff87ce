/** sigsuspend, sigtimedwait, poll with a mask and /proc, run by programs and from outside. */
import { describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { recordRun, type Row } from '../../../test/emulator/recorded-run.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { sigset } from '../kernel/context/sigset.ts';

const SIGUSR1 = 16;
const ALL_MASKABLE = 0xffbffeff | 0;
const USR1_ONLY = sigset(SIGUSR1)[0];

const scenario = (program: string, events: string, signals = 'signals: { USR1: handler }') => `cpus: 2
duration: 1 s
costs: { context_switch: 0, system_call: 0, lock: 0, lock_handoff: 0, store: 0 }
sources: { disk: { start: 10ms, every: 500ms } }
programs:
  handler: [mark: 7]
events: [${events}]
processes:
  - name: p
    ${signals}
    lwps: [{ name: a, program: [${program}] }]
`;

function run(text: string): Row[] {
  const rows: Row[] = [];
  recordRun(parseScenario(text, 'test.yaml'), {}, { onRow: (row) => rows.push(row) });
  return rows;
}

/** Time in ms and number of every mark. */
const marks = (rows: readonly Row[]): [number, number][] =>
  rows.filter((row) => row.kind === KIND.user_mark).map((row) => [row.timeNs / 1e6, row.object]);
/** What word 0 of the mask became, and by which function. */
const masks = (rows: readonly Row[]): [number, number][] =>
  rows.filter((row) => row.kind === KIND.t_hold0).map((row) => [row.new, row.cause]);
const finished = (rows: readonly Row[]): number[] =>
  rows.filter((row) => row.cause === CAUSE.schedctl_finish_sigblock).map((row) => row.timeNs / 1e6);

const USR1_AT_5MS = '{ at: 5ms, signal: USR1, process: p }';

describe('sigsuspend', () => {
  test('waits with another mask; after the handler the mask before is in force again', () => {
    const rows = run(scenario('sigmask: { block: [USR1] }, sigsuspend: none, mark: 1', USR1_AT_5MS));
    expect(marks(rows)).toEqual([
      [5, 7],
      [5, 1],
    ]);
    expect(masks(rows)).toEqual([
      [USR1_ONLY, CAUSE.lwp_sigmask],
      [0, CAUSE.sigsuspend],
      [USR1_ONLY, CAUSE.psig],
    ]);
  });

  test('finishes what sc_sigblock asked for first', () => {
    const rows = run(scenario('sigblock, compute: 1ms, sigsuspend: none, mark: 1', USR1_AT_5MS));
    expect(finished(rows)).toEqual([1, 1, 1, 1]);
    expect(masks(rows)[0]).toEqual([ALL_MASKABLE, CAUSE.schedctl_finish_sigblock]);
    expect(masks(rows).at(-1)![0]).toBe(ALL_MASKABLE);
    expect(marks(rows)).toEqual([
      [5, 7],
      [5, 1],
    ]);
  });

  test('waits on where a signal does not get through, or the process was only stopped', () => {
    const events =
      '{ at: 2ms, signal: STOP, process: p }, { at: 3ms, signal: CONT, process: p }, { at: 4ms, signal: USR2, process: p }, ' +
      USR1_AT_5MS;
    const rows = run(
      scenario(
        'sigsuspend: [USR2], mark: 1, sleep: 10ms',
        events,
        'signals: { USR1: handler, USR2: handler }',
      ),
    );
    // USR2 is taken when the mask before, which lets it through, is back.
    expect(marks(rows)).toEqual([
      [5, 7],
      [5, 7],
      [5, 1],
    ]);
  });
});

describe('sigtimedwait', () => {
  test('takes the signal without its handler', () => {
    const rows = run(scenario('sigmask: { block: [USR1] }, sigtimedwait: [USR1], mark: 1', USR1_AT_5MS));
    expect(marks(rows)).toEqual([[5, 1]]);
    expect(rows.filter((row) => row.kind === KIND.p_sig0).at(-1)!.new).toBe(0);
  });

  test('takes one that came before, and one that is ignored otherwise', () => {
    const before = run(
      scenario('sigmask: { block: [USR1] }, compute: 8ms, sigtimedwait: [USR1], mark: 1', USR1_AT_5MS),
    );
    expect(marks(before)).toEqual([[8, 1]]);
    const ignored = run(scenario('sigtimedwait: [USR1], mark: 1', USR1_AT_5MS, 'signals: { USR1: ignore }'));
    expect(marks(ignored)).toEqual([[5, 1]]);
  });

  test('ends with its time, or with another signal, whose handler runs', () => {
    const step = '{ sigtimedwait: [USR2], timeout: 7ms }, mark: 1';
    expect(marks(run(scenario(step, '')))).toEqual([[7, 1]]);
    expect(marks(run(scenario(step, USR1_AT_5MS)))).toEqual([
      [5, 7],
      [5, 1],
    ]);
  });
});

describe('poll', () => {
  test('waits for a wake-up and leaves it to be read', () => {
    const rows = run(
      scenario('poll: disk, mark: 1, await: disk, mark: 2, { poll: disk, timeout: 5ms }, mark: 3', ''),
    );
    expect(marks(rows)).toEqual([
      [10, 1],
      [10, 2],
      [15, 3],
    ]);
  });

  test('has a mask of its own meanwhile, and the one before afterwards', () => {
    const text = '{ poll: disk, sigmask: none }, mark: 1, sigmask: none';
    const rows = run(scenario(`sigmask: { block: [USR1] }, ${text}`, USR1_AT_5MS));
    expect(marks(rows)).toEqual([
      [5, 7],
      [5, 1],
    ]);
    const quiet = run(scenario(`sigmask: { block: [USR1] }, ${text}`, ''));
    expect(marks(quiet)).toEqual([[10, 1]]);
    expect(masks(quiet)).toEqual([
      [USR1_ONLY, CAUSE.lwp_sigmask],
      [0, CAUSE.pollsys],
      [USR1_ONLY, CAUSE.pollsys],
      [0, CAUSE.lwp_sigmask],
    ]);
  });
});

describe('/proc', () => {
  test('that looks at an LWP finishes what sc_sigblock asked for, from outside and by a program', () => {
    expect(finished(run(scenario('sigblock, compute: 10ms', '{ at: 3ms, proc: a }')))).toEqual([3, 3, 3, 3]);
    expect(finished(run(scenario('sigblock, compute: 2ms, proc: a, compute: 1ms', '')))).toEqual([
      2, 2, 2, 2,
    ]);
  });

  test('that sets the mask of a sleeping LWP wakes it for a signal that was held', () => {
    const rows = run(
      scenario(
        'sigmask: { block: [USR1] }, await: disk, mark: 1',
        `${USR1_AT_5MS}, { at: 8ms, proc: a, hold: none }`,
      ),
    );
    expect(marks(rows)[0]).toEqual([8, 7]);
  });
});
