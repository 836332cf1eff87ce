/** Signals that come while an LWP is in a critical section of libc. */
import { expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { recordRun, type RecordedRun, type Row } from '../../../test/emulator/recorded-run.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';

function run(events: string, program: string): { readonly rows: Row[]; readonly end: RecordedRun } {
  const rows: Row[] = [];
  const text = `cpus: 2
duration: 1 s
costs: { context_switch: 0, system_call: 0, lock: 0, lock_handoff: 0, store: 0 }
locks: { q: queue, m: mutex }
programs:
  handler: [mark: 7]
  child: [compute: 1ms]
events: [${events}]
processes:
  - name: p
    signals: { USR1: handler, USR2: handler }
    lwps:
      - { name: a, start: 1ms, program: [${program}] }
      - { name: b, program: [lock: m, compute: 50ms, unlock: m] }
`;
  const end = recordRun(parseScenario(text, 'test.yaml'), {}, { onRow: (row) => rows.push(row) });
  return { rows, end };
}

const marks = (rows: readonly Row[]) =>
  rows.filter((row) => row.kind === KIND.user_mark).map((row) => [row.timeNs / 1e6, row.object]);
/** Word 0 of masks. */
const USR1_ONLY = 1 << 15;
const ALL_MASKABLE = 0xffbffeff | 0;
const USR1_AT_5MS = '{ at: 5ms, signal: USR1, lwp: a }';
const IN_SECTION = 'lock: q, lock: m, mark: 1, unlock: m, unlock: q, mark: 2, compute: 1ms, mark: 3';

test('one waits for the end of the section, in which the LWP parks once more and then stays parked', () => {
  const { rows, end } = run(USR1_AT_5MS, IN_SECTION);
  expect(marks(rows)).toEqual([
    [50, 1],
    [50, 7],
    [50, 2],
    [51, 3],
  ]);
  const parks = rows.filter(
    (row) => row.kind === KIND.t_queue && row.lwp === 0 && row.cause === CAUSE.sleepq_insert,
  );
  expect(parks).toHaveLength(2);
  const held = rows.filter((row) => row.kind === KIND.t_hold0 && row.lwp === 0).map((row) => row.new);
  expect(held.slice(0, 2)).toEqual([USR1_ONLY, ALL_MASKABLE]);
  expect(end.replayed.read(KIND.t_hold0, 0)).toBe(0);
});

test('a second one pends until the handler of the first has returned', () => {
  const { rows } = run(`${USR1_AT_5MS}, { at: 6ms, signal: USR2, lwp: a }`, IN_SECTION);
  expect(marks(rows).filter(([, mark]) => mark === 7)).toEqual([
    [50, 7],
    [50, 7],
  ]);
});

test('one that ends the process does so at once', () => {
  const { end } = run('{ at: 5ms, signal: TERM, lwp: a }', IN_SECTION);
  expect(end.endNs).toBe(5_000_000);
});

test('a child, and an image, begin with the mask from before', () => {
  const forked = run(USR1_AT_5MS, 'lock: q, lock: m, fork: child, unlock: m, unlock: q');
  expect(forked.end.replayed.read(KIND.t_hold0, 2)).toBe(0);
  const execed = run(USR1_AT_5MS, 'lock: q, lock: m, exec: child');
  expect(execed.end.replayed.read(KIND.t_hold0, 0)).toBe(0);
});
