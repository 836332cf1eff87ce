/**
 * What happens, and in which order, when a thread returns to user mode: Kernel.returnToUser(), after system calls and
 * traps.
 */
import { expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { recordRun, type Row } from '../../../test/emulator/recorded-run.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';

function run(systemCall: string, program: string): Row[] {
  const rows: Row[] = [];
  const text = `cpus: 1
duration: 1200 ms
costs: { context_switch: 0, system_call: ${systemCall}, lock: 0, lock_handoff: 0, store: 0 }
programs: { handler: [mark: 7] }
processes:
  - name: p
    signals: { USR1: handler }
    lwps:
      - { name: a, program: [${program}] }
`;
  recordRun(parseScenario(text, 'test.yaml'), {}, { onRow: (row) => rows.push(row) });
  return rows;
}

/** Times in ms and names of the steps of a return to user mode. */
function steps(rows: readonly Row[]): [number, string][] {
  return rows.flatMap((row): [number, string][] => {
    const ms = row.timeNs / 1e6;
    if (row.kind === KIND.t_trapret) return [[ms, row.new === 1 ? 'asked for trapret' : 'trapret']];
    if (row.kind === KIND.lwp_cursig && row.cause === CAUSE.psig) return [[ms, 'signal']];
    if (row.kind === KIND.ts_cpupri && row.cause === CAUSE.ts_trapret) return [[ms, 'promoted']];
    if (row.kind === KIND.user_mark) return [[ms, 'handler']];
    return [];
  });
}

test('from a system call: signals, then CL_TRAPRET, then the program', () => {
  // ts_update() comes while it is in the kernel, from 990 to 1,010 ms.
  const rows = run('20ms', 'compute: 990ms, { send: USR1 }, compute: 50ms');
  expect(steps(rows)).toEqual([
    [1000, 'asked for trapret'],
    [1010, 'signal'],
    [1010, 'trapret'],
    [1010, 'promoted'],
    [1010, 'handler'],
  ]);
});

test('a new thread has the time of its creation as t_stime, and no t_disp_time', () => {
  const rows = run('0', 'compute: 55ms, spawn: { program: handler }');
  const ofNew = rows.filter(({ lwp }) => lwp === 1);
  expect(ofNew.find(({ kind }) => kind === KIND.t_stime)).toMatchObject({ timeNs: 55e6, old: 0, new: 5 });
  expect(ofNew.some(({ kind }) => kind === KIND.t_disp_time)).toBe(false);
});
