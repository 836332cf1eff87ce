/**
 * The operations of the class vectors (classes/README.md and fss-rt/README.md, "Operations"), each as calls of the
 * emulator. Those about projects, zones and FSS accounts are in fss-operations.ts.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { ClassOps, ClassParms, Errno } from '#main/emulator/kernel/disp/class-ops.ts';
import type { TsDptbl } from '#main/emulator/kernel/disp/ts-dptbl.ts';
import { write64 } from '#main/emulator/kernel/disp/uint64.ts';
import {
  cpu,
  cred,
  list,
  nice,
  parms,
  process,
  pset,
  thread,
  vaparms,
  type Operation,
  type Outcome,
} from './classes-arguments.ts';
import type { ClassesWorld } from './classes-world.ts';
import type { VectorLine } from './driver.ts';
import { FSS_OPERATIONS } from './fss-operations.ts';
import { VectorArguments } from './vector-arguments.ts';

/** The current thread is the operation's own in these. */
const ON_CURTHREAD = new Set(['preempt', 'yield', 'sleep', 'trapret', 'fork', 'forkret', 'stop', 'lwp_exit']);

/** What is left of a thread's quantum, by class. */
const TIMELEFT: Readonly<Record<string, number>> = {
  FX: KIND.fx_timeleft,
  FSS: KIND.fss_timeleft,
  RT: KIND.rt_timeleft,
};

/** Members of `set` in the order in which they are applied. */
const SURROUNDINGS: readonly (readonly [
  string,
  (w: ClassesWorld, a: VectorArguments, value: number) => void,
])[] = [
  ['lbolt', (w, _, value) => w.machine.set(KIND.lbolt, 0, value, CAUSE.clock)],
  ['kpmaxrunpri', (w, _, value) => w.machine.set(KIND.kp_maxrunpri, 0, value, CAUSE.setup)],
  [
    'cpu',
    (w, a) => {
      const t = thread(w, a);
      w.leaveCpu(t);
      w.machine.set(KIND.t_cpu, t, cpu(w, a.object('set')), CAUSE.setup);
    },
  ],
  [
    'maxrunpri',
    (w, a, value) => {
      const t_cpu = w.machine.get(KIND.t_cpu, thread(w, a));
      w.machine.set(KIND.disp_maxrunpri, t_cpu, value, CAUSE.setup);
    },
  ],
  ['epri', (w, a, value) => w.machine.set(KIND.t_epri, thread(w, a), value, CAUSE.setup)],
  ['state', (w, a, value) => w.enterState(thread(w, a), value)],
  ['disp_time', (w, a, value) => w.machine.set(KIND.t_disp_time, thread(w, a), value, CAUSE.setup)],
  ['nopreempt', (w, a, value) => w.userStore(thread(w, a), 'sc_nopreempt', value)],
  ['yield', (w, a, value) => w.userStore(thread(w, a), 'sc_yield', value)],
  ['sc_priority', (w, a, value) => w.userStore(thread(w, a), 'sc_priority', value)],
  [
    'timeleft',
    (w, a, value) => {
      const t = thread(w, a);
      const kind = TIMELEFT[w.classes.of(t).name] ?? KIND.ts_timeleft;
      w.machine.set(kind, t, value, CAUSE.setup);
    },
  ],
  ['dispwait', (w, a, value) => w.machine.set(KIND.ts_dispwait, thread(w, a), value, CAUSE.setup)],
  ['cpupri', (w, a, value) => w.machine.set(KIND.ts_cpupri, thread(w, a), value, CAUSE.setup)],
  [
    'kpri_req',
    (w, a, value) => {
      const t = thread(w, a);
      const { name } = w.classes.of(t);
      if (name === 'TS' || name === 'IA')
        a.fail(`the emulator has no kernel priority for threads of ${name}`);
      w.machine.set(KIND.t_kpri_req, t, value, CAUSE.setup);
    },
  ],
  ['ticks', (w, a, value) => w.machine.set(KIND.fss_ticks, thread(w, a), value | 0, CAUSE.setup)],
  [
    'fsspri',
    (w, a) => {
      const value = a.object('set').uint64('fsspri');
      write64(w.machine, KIND.fss_fsspri, KIND.fss_fsspri_high, thread(w, a), value, CAUSE.setup);
    },
  ],
  ['user', (w, a, value) => w.swapping.setUser(thread(w, a), value !== 0)],
  ['load', (w, a, value) => w.swapping.setFlag(thread(w, a), 'TS_LOAD', value !== 0)],
  ['dontswap', (w, a, value) => w.swapping.setDontSwap(thread(w, a), value !== 0)],
  ['swapenq', (w, a, value) => w.swapping.setFlag(thread(w, a), 'TS_SWAPENQ', value !== 0)],
  ['lwpexit', (w, a, value) => w.swapping.setExiting(thread(w, a), value !== 0)],
  ['lwp', (w, a, value) => w.setLwp(thread(w, a), value !== 0)],
];

/** Runs one operation. Throws what the emulator throws, and VectorFormatError. */
export function runOperation(w: ClassesWorld, line: VectorLine, lineNumber: number): Outcome {
  const a = new VectorArguments(line, lineNumber);
  const op = a.string('op');
  const operation = OPERATIONS[op] ?? a.fail(`unknown operation ${op}`);
  applySurroundings(w, a);

  w.calls = [];
  w.p_lock = !a.flag('nolock') && !(a.has('plock') && op === 'exit' && !a.flag('plock'));
  if (a.has('by')) w.machine.curthread = thread(w, a, 'by');
  else w.machine.curthread = ON_CURTHREAD.has(op) ? thread(w, a) : NONE;
  const outcome = operation(w, a);
  w.machine.curthread = NONE;
  return outcome;
}

function applySurroundings(w: ClassesWorld, a: VectorArguments): void {
  if (!a.has('set')) return;
  const set = a.object('set');
  for (const name of Object.keys(set.line)) {
    if (!SURROUNDINGS.some(([known]) => known === name)) a.fail(`unknown member of set: ${name}`);
  }
  for (const [name, apply] of SURROUNDINGS) {
    if (set.has(name)) apply(w, a, name === 'fsspri' ? 0 : set.number(name));
  }
}

/** A call of the class of `t` that returns nothing. */
function call(invoke: (ops: ClassOps, t: number) => void): Operation {
  return (w, a) => {
    const t = thread(w, a);
    invoke(w.classes.of(t), t);
    return {};
  };
}

function classNamed(w: ClassesWorld, a: VectorArguments): ClassOps {
  const name = a.string('class');
  return w.classes.sclass.find((known) => known.name === name) ?? a.fail(`unknown class ${name}`);
}

/** Rows of a table as the vectors write them. */
export function dispatchTable(rows: readonly (readonly number[])[]): TsDptbl {
  return rows.map((row) => {
    const [globpri, quantum, tqexp, slpret, maxwait, lwait] = row as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return { globpri, quantum, tqexp, slpret, maxwait, lwait };
  });
}

/** What CL_PARMSGET gives; the vectors do not have the signal of RT. */
function parmsgetView(ops: ClassOps, t: number): ClassParms {
  const shown = { ...ops.cl_parmsget(t) };
  delete shown.tqsig;
  return shown;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...FSS_OPERATIONS,

  proc(w, a) {
    const tty = a.has('tty') ? a.number('tty') : undefined;
    const p = a.number('p');
    w.addProcess(p, a.number('pid'), a.number('sid'), a.number('pgrp'), tty);
    if (a.has('proj')) w.machine.set(KIND.p_project, p, a.number('proj'), CAUSE.setup);
    if (a.has('rss')) w.swapping.pages.set(p, a.number('rss'));
    return {};
  },

  stat(w, a) {
    w.processes.get(process(w, a))!.sidl = a.flag('sidl');
    return {};
  },

  thread(w, a) {
    const t = w.addThread(a.number('t'), process(w, a), list(a), cpu(w, a));
    if (a.has('pset')) w.machine.set(KIND.t_cpupart, t, pset(a), CAUSE.setup);
    if (a.flag('slot')) {
      w.addSlot(t);
      w.schedctl_set_cidpri(t);
    }
    return {};
  },

  slot(w, a) {
    const t = thread(w, a);
    w.addSlot(t);
    w.schedctl_set_cidpri(t);
    return {};
  },

  noslot(w, a) {
    w.removeSlot(thread(w, a));
    return {};
  },

  fork(w, a) {
    const t = thread(w, a);
    const cp = process(w, a, 'cp');
    const ct = w.addThread(a.number('ct'), cp, list(a), cpu(w, a));
    w.machine.set(KIND.p_project, cp, w.machine.get(KIND.p_project, w.processOf(t)), CAUSE.newproc);
    for (const kind of [KIND.t_pri, KIND.t_cpupart]) {
      w.machine.set(kind, ct, w.machine.get(kind, t), CAUSE.lwp_create);
    }
    return { ret: w.classes.fork(t, ct) };
  },

  forkret(w, a) {
    w.classes.forkret(thread(w, a), thread(w, a, 'ct'));
    return {};
  },

  exit(w, a) {
    const t = thread(w, a);
    if (!w.exited.has(t)) w.classes.of(t).cl_exit(t);
    w.machine.set(KIND.t_state, t, TS.FREE, CAUSE.setup);
    w.classes.exitclass(t);
    w.removeThread(a.number('t'));
    return {};
  },

  lwp_exit(w, a) {
    const t = thread(w, a);
    w.classes.of(t).cl_exit(t);
    w.exited.add(t);
    return {};
  },

  set: () => ({}),
  checkpoint: () => ({}),

  enterclass(w, a) {
    const ops = classNamed(w, a);
    const given = a.isNull('parms') ? null : parms(a, ops.name);
    const t = thread(w, a);
    const enter = (): Errno => w.classes.enterclass(t, ops.cid, given, cred(a));
    return { ret: ops.cid === CID.RT ? w.withNewRtStructure(t, enter) : enter() };
  },

  parmsset(w, a) {
    const t = thread(w, a);
    const error = a.has('va')
      ? w.classes.vaparmsset(t, vaparms(a), cred(a))
      : w.classes.parmsset(t, parms(a, w.classes.of(t).name), cred(a));
    return { ret: error };
  },

  parmsout(w, a) {
    const t = thread(w, a);
    const ops = w.classes.of(t);
    const shown = parmsgetView(ops, t);
    const error = ops.cl_parmsout(shown);
    return { ret: error === 0 ? shown : error };
  },

  getclpri(w, a) {
    return { ret: classNamed(w, a).cl_getclpri() };
  },

  parmsget(w, a) {
    const t = thread(w, a);
    return { ret: parmsgetView(w.classes.of(t), t) };
  },

  donice(w, a) {
    const t = thread(w, a);
    return nice(w.classes.of(t).cl_donice(t, cred(a), a.number('incr')));
  },

  doprio(w, a) {
    const t = thread(w, a);
    return nice(w.classes.of(t).cl_doprio(t, cred(a), a.number('incr')));
  },

  globpri(w, a) {
    const t = thread(w, a);
    return { ret: w.classes.of(t).cl_globpri(t) };
  },

  // `plock` needs nothing: the group's session leader, whose p_lock is held, is passed over in any case.
  set_process_group(w, a) {
    w.classes.sclass[CID.IA]!.cl_set_process_group(a.number('sid'), a.number('bg'), a.number('fg'));
    return {};
  },

  setdptbl(w, a) {
    const dptbl = dispatchTable(a.rows('dptbl'));
    return { ret: w.classes.sclass[CID.TS]!.cl_admin({ cmd: 'TS_SETDPTBL', dptbl }, cred(a)) };
  },

  setrtdptbl(w, a) {
    const quanta = a.numbers('quanta');
    return { ret: w.classes.sclass[CID.RT]!.cl_admin({ cmd: 'RT_SETDPTBL', quanta }, cred(a)) };
  },

  swapin(w, a) {
    const t = thread(w, a);
    return { ret: w.classes.of(t).cl_swapin(t, w.swapping) };
  },

  swapout(w, a) {
    const t = thread(w, a);
    return { ret: w.classes.of(t).cl_swapout(t, w.swapping, a.flag('soft')) };
  },

  stop: call((ops, t) => ops.cl_stop(t)),
  active: call((ops, t) => ops.cl_active(t)),
  inactive: call((ops, t) => ops.cl_inactive(t)),
  tick: call((ops, t) => ops.cl_tick(t)),
  preempt: call((ops, t) => ops.cl_preempt(t)),
  yield: call((ops, t) => ops.cl_yield(t)),
  sleep: call((ops, t) => ops.cl_sleep(t)),
  trapret: call((ops, t) => ops.cl_trapret(t)),
  setrun: call((ops, t) => ops.cl_setrun(t)),
  wakeup: call((ops, t) => ops.cl_wakeup(t)),

  update(w) {
    if (w.withFss) w.classes.fss.fss_update();
    else w.classes.ts.ts_update();
    return {};
  },
};
