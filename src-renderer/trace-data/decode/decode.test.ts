import { describe, expect, it } from 'vitest';
import type { CauseId } from '#shared/base/brands.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { PAGE_KIND, CID, DECISION, SC, TS, TS_FLAGS, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { runQueueId, sleepQueueId } from '#shared/model/queues.ts';
import { classData } from './class-data.ts';
import { explainDecision, testSentence } from './decisions.ts';
import { shareAccount } from './inspector-fields.ts';
import { describeEvent } from './events.ts';
import { nameTable } from './names.ts';
import { slotFields, slotMap } from './slot.ts';
import { formatField } from './values.ts';

const machine: Parameters<typeof nameTable>[0] = {
  source: 'emulator',
  cpus: [{ id: 3, name: '' }],
  processes: [{ id: 0, pid: 1412, name: 'postgres' }],
  lwps: [
    { id: 7, process: 0, lwpNumber: 9, name: 'backend 07' },
    { id: 8, process: 0, lwpNumber: 10, name: '' },
  ],
  pages: [{ id: 0, process: 0, address: 0xfe7c0000, kind: PAGE_KIND.schedctl }],
  syscalls: [],
  syncs: [{ id: 2, process: 0, kind: 0, name: 'ProcArrayLock' }],
};
const names = nameTable(machine);

describe('names', () => {
  it('falls back to numbers where the trace has no name', () => {
    expect(names.lwp(7)).toBe('backend 07');
    expect(names.lwp(8)).toBe('LWP 10');
    expect(names.lwpOrigin(7)).toBe('postgres 1412 · LWP 9');
    expect(names.cpu(3)).toBe('CPU 3');
    expect(names.queue(runQueueId(3, 59))).toBe('run queue of CPU 3, priority 59');
    expect(names.queue(sleepQueueId(2))).toBe('sleep queue of ProcArrayLock');
  });

  it('says threads and TIDs of a trace of Linux', () => {
    const linux = nameTable({ ...machine, source: 'ftrace' });
    expect(linux.lwp(8)).toBe('TID 10');
    expect(linux.lwpOrigin(7)).toBe('postgres 1412 · TID 9');
    expect(linux.lwp(99)).toBe('thread 99');
    expect(linux.words.Many).toBe('Threads');
  });
});

describe('values', () => {
  it.each([
    [KIND.t_state, TS.ONPROC, 'TS_ONPROC'],
    [KIND.sc_state, SC.SC_RUN, 'SC_RUN'],
    [KIND.sc_state, TS.ZOMB, 'TS_ZOMB'],
    [KIND.ts_flags, TS_FLAGS.TSBACKQ | TS_FLAGS.TSRESTORE, 'TSBACKQ TSRESTORE'],
    [KIND.ts_flags, 0, 'none'],
    [KIND.sc_flgs, 0x81, 'SC_PARK_FLG 0x80'],
    [KIND.t_hold0, -262_163, '0xfffbffed'],
    [KIND.sync_owner, 7, 'backend 07'],
    [KIND.sync_owner, -1, 'none'],
    [KIND.t_cid, CID.FSS, 'FSS'],
    [KIND.t_schedctl, SLOT_ID_STRIDE + 8, 'page 1, slot 8'],
  ])('kind %i, value %i reads %s', (kind, value, text) => {
    expect(formatField(kind, value, names)).toBe(text);
  });
});

describe('decisions', () => {
  const explain = (outcome: number, place: CauseId, timeleft: number) =>
    explainDecision({ outcome, place, timeleft, without: WITHOUT_NOPREEMPT.expired });

  it.each([
    [DECISION.forced, CAUSE.ts_preempt, -2, 'timeleft -2 > -2: no, so revoke'],
    [DECISION.failsafe, CAUSE.ts_tick, -2, 'timeleft -2 > -2: no, so expire'],
    [DECISION.deferredAtTick, CAUSE.ts_tick, -1, 'timeleft -1 > -2: yes, so keep running'],
    [DECISION.deferredAtPreempt, CAUSE.ts_preempt, 3, 'timeleft 3 > -2: yes, so defer'],
    [DECISION.deferredAtPreempt, CAUSE.fx_preempt, -2, 'quantum infinite: yes, so defer'],
    [DECISION.yielded, CAUSE.ts_yield, 0, 'timeleft 0 <= 0: yes, so start a new quantum'],
    [DECISION.yielded, CAUSE.fss_yield, -1, 'timeleft -1 < 0: yes, so start a new quantum'],
    [DECISION.updateSkipped, CAUSE.ts_update, 4, 'sc_nopreempt set: yes, so skip'],
  ])('outcome %i reads as value, comparison and branch', (outcome, place, timeleft, sentence) => {
    expect(testSentence(explain(outcome, place, timeleft).test!)).toBe(sentence);
  });

  it('names the place and says what would have happened', () => {
    const text = explain(DECISION.forced, CAUSE.ts_preempt, -2);
    expect(text.title).toBe('Forced off');
    expect(text.place).toBe('ts_preempt');
    expect(text.effect).toMatch(/cleared sc_nopreempt/);
    expect(text.without).toMatch(/quantum would have expired/);
  });

  it('fx_preempt raises nobody', () => {
    expect(explain(DECISION.deferredAtPreempt, CAUSE.fx_preempt, 1).effect).not.toMatch(/raised/);
    expect(explain(DECISION.deferredAtPreempt, CAUSE.fss_preempt, 1).effect).toMatch(/raised/);
  });
});

describe('slot', () => {
  const slot = SLOT_ID_STRIDE * 0 + 8;

  function stateWithSlot(): MachineState {
    const state = new MachineState(true);
    let sequence = 1;
    const put = (kind: number, value: number): void => state.assign(kind, slot, value, sequence++);
    put(KIND.slot_allocated, 1);
    put(KIND.slot_lwp, 7);
    put(KIND.sc_state, SC.SC_RUN);
    put(KIND.sc_cpu, 258);
    put(KIND.sc_cid, 1);
    put(KIND.sc_cpri, -3);
    put(KIND.sc_priority, 59);
    put(KIND.sc_nopreempt, 1);
    put(KIND.sc_yield, -2);
    return state;
  }

  it('shows bytes as they lie in memory, value, meaning and the row that wrote it', () => {
    const fields = slotFields(stateWithSlot(), slot, names);
    const rows = fields.map((field) => [field.shortName, field.hex, field.value, field.changedSequence]);
    expect(rows).toEqual([
      ['state', '02 00', 'SC_RUN', 3],
      ['sigblock', '00', '0', 0],
      ['flgs', '00', 'none', 0],
      ['cpu', '02 01 00 00', '258', 4],
      ['cid', '01', 'TS', 5],
      ['cpri', 'fd', '-3', 6],
      ['priority', '3b', '59', 7],
      ['pad', '00', '0', 0],
      ['nopreempt', '01 00', '1', 8],
      ['yield', 'fe ff', '-2', 9],
    ]);
    expect(fields[8]!.meaning).toBe('asks not to be preempted');
  });

  it('tells used, freed and never used slots apart', () => {
    const state = stateWithSlot();
    state.assign(KIND.slot_allocated, 9, 1, 10);
    state.assign(KIND.slot_allocated, 9, 0, 11);
    const map = slotMap(state, 0);
    expect(map).toHaveLength(256);
    expect([map[8]!.use, map[9]!.use, map[10]!.use]).toEqual(['used', 'freed', 'never']);
    expect(map[8]!.lwp).toBe(7);
  });
});

describe('class data', () => {
  it('gives the fields of the class and the budget towards -SC_MAX_TICKS', () => {
    const state = new MachineState(true);
    state.assign(KIND.t_cid, 7, CID.TS, 1);
    state.assign(KIND.ts_timeleft, 7, -1, 2);
    state.assign(KIND.ts_scpri, 7, 12, 3);
    state.assign(KIND.ts_flags, 7, TS_FLAGS.TSRESTORE, 4);
    const data = classData(state, 7, names)!;
    expect(data.budget).toEqual({
      timeleft: -1,
      floor: -2,
      ceiling: 20,
      infinite: false,
      changedSequence: 2,
    });
    expect(data.fields.find((field) => field.shortName === 'scpri')).toMatchObject({
      value: '12',
      changedSequence: 3,
    });
    expect(data.fields.find((field) => field.shortName === 'flags')!.value).toBe('TSRESTORE');
  });

  it('shows a 64-bit field as a whole, and an infinite quantum of RT', () => {
    const state = new MachineState(true);
    state.assign(KIND.t_cid, 7, CID.FSS, 1);
    state.assign(KIND.fss_fsspri, 7, -1, 2);
    state.assign(KIND.fss_fsspri_high, 7, 2, 3);
    const { fields } = classData(state, 7, names)!;
    expect(fields.find(({ shortName }) => shortName === 'fsspri')!.value).toBe('12884901887');
    state.assign(KIND.t_cid, 7, CID.RT, 4);
    state.assign(KIND.rt_pquantum, 7, -2, 5);
    expect(classData(state, 7, names)!.budget!.infinite).toBe(true);
  });

  it('finds what a thread of FSS is charged to', () => {
    const state = new MachineState(true);
    state.assign(KIND.t_cid, 7, CID.FSS, 1);
    expect(shareAccount(state, 7)).toBeNull();
    state.assign(KIND.fss_proj, 7, 4, 2);
    state.assign(KIND.fssp_pset, 4, 1, 3);
    state.assign(KIND.fssp_fsszone, 4, 2, 4);
    expect(shareAccount(state, 7)).toEqual({ fssproj: 4, fsszone: 2, cpupart: 1 });
  });

  it('has nothing to show for the system class', () => {
    expect(classData(new MachineState(true), 7, names)).toBeNull();
  });
});

describe('events', () => {
  const row = { sequence: 1, timeNs: 0, cpu: 3, lwp: 7, object: 8, cause: CAUSE.ts_preempt };

  it('shows a change in the terms of its field', () => {
    expect(describeEvent({ ...row, kind: KIND.sc_state, oldValue: 4, newValue: 2 }, names)).toEqual({
      what: 'sc_state',
      subject: 'page 0, slot 8',
      cause: 'ts_preempt',
      by: 'kernel',
      change: 'SC_ONPROC → SC_RUN',
    });
  });

  it('shows a decision by its name', () => {
    const decided = { ...row, object: DECISION.forced, kind: KIND.decision, oldValue: -2, newValue: 1 };
    expect(describeEvent(decided, names)).toMatchObject({ what: 'forced off', change: 'timeleft -2' });
  });

  it.each([
    [CAUSE.cpu_offline, -1, 16, 'EBUSY, the last CPU of its set, or threads are bound to it'],
    [CAUSE.cpupart_move_cpu, 0, 22, 'default set: EINVAL, the CPU is offline'],
    [CAUSE.cpupart_move_thread, 1, 22, 'set 1: EINVAL, the set has no CPU'],
    [CAUSE.cpupart_move_thread, 2, 16, 'set 2: EBUSY, the thread is bound to a CPU of another set'],
  ])('shows why psradm or psrset was refused: cause %i, set %i, error %i', (cause, set, error, change) => {
    const refused = {
      ...row,
      kind: KIND.cpu_event_refused,
      cause,
      object: set,
      newValue: error,
      oldValue: 0,
    };
    expect(describeEvent(refused, names)).toMatchObject({ what: 'refused', change });
  });

  it('shows what an importer could not know', () => {
    expect(
      describeEvent({ ...row, kind: KIND.chain_broken, oldValue: -1, newValue: 7 }, names),
    ).toMatchObject({
      what: 'switch missing',
      change: 'expected idle, found backend 07',
    });
  });
});
