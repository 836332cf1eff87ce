/** The operations of the class vectors (classes/README.md, "Operations"), each as calls of the emulator. */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { ClassOps, ClassParms, Cred, NiceResult } from '#main/emulator/disp/class-ops.ts';
import type { TsDptbl } from '#main/emulator/disp/ts-dptbl.ts';
import type { ClassesWorld } from './classes-world.ts';
import { VectorArguments } from './vector-arguments.ts';
import type { Json } from './json.ts';
import type { VectorLine } from './driver.ts';

/** What an operation gives; a member is undefined where the operation gives none. */
export interface Outcome {
  readonly ret?: Json | undefined;
  readonly retval?: Json | undefined;
}

type Operation = (w: ClassesWorld, a: VectorArguments) => Outcome;

const CREDS: Readonly<Record<string, Cred | null>> = {
  priv: { setpriority: true, iaGroup: true },
  none: { setpriority: false, iaGroup: false },
  group0: { setpriority: false, iaGroup: true },
  null: null,
};

/** The current thread is the operation's own in these. */
const ON_CURTHREAD = new Set(['preempt', 'yield', 'sleep', 'trapret', 'fork', 'forkret']);

/** Members of `set` in the order in which they are applied. */
const SURROUNDINGS: readonly (readonly [
  string,
  (w: ClassesWorld, a: VectorArguments, value: number) => void,
])[] = [
  ['lbolt', (w, _, value) => w.machine.set(KIND.lbolt, 0, value, CAUSE.clock)],
  ['kpmaxrunpri', (w, _, value) => w.machine.set(KIND.kp_maxrunpri, 0, value, CAUSE.setup)],
  [
    'cpu',
    (w, a, value) => {
      const t = thread(w, a);
      w.leaveCpu(t);
      w.machine.set(KIND.t_cpu, t, value, CAUSE.setup);
    },
  ],
  [
    'maxrunpri',
    (w, a, value) => {
      const cpu = w.machine.get(KIND.t_cpu, thread(w, a));
      w.machine.set(KIND.disp_maxrunpri, cpu, value, CAUSE.setup);
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
      const kind = w.classes.of(t).name === 'FX' ? KIND.fx_timeleft : KIND.ts_timeleft;
      w.machine.set(kind, t, value, CAUSE.setup);
    },
  ],
  ['dispwait', (w, a, value) => w.machine.set(KIND.ts_dispwait, thread(w, a), value, CAUSE.setup)],
  ['cpupri', (w, a, value) => w.machine.set(KIND.ts_cpupri, thread(w, a), value, CAUSE.setup)],
];

/** Runs one operation. Throws what the emulator throws, and VectorFormatError. */
export function runOperation(w: ClassesWorld, line: VectorLine, lineNumber: number): Outcome {
  const a = new VectorArguments(line, lineNumber);
  const op = a.string('op');
  const operation = OPERATIONS[op] ?? a.fail(`unknown operation ${op}`);
  applySurroundings(w, a);

  w.calls = [];
  w.p_lock = !a.flag('nolock');
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
  for (const [name, apply] of SURROUNDINGS) if (set.has(name)) apply(w, a, set.number(name));
}

function thread(w: ClassesWorld, a: VectorArguments, name = 't'): number {
  return w.threads.get(a.number(name)) ?? a.fail(`there is no thread ${a.number(name)}`);
}

function process(w: ClassesWorld, a: VectorArguments, name = 'p'): number {
  const p = a.number(name);
  return w.processes.has(p) ? p : a.fail(`there is no process ${p}`);
}

function cred(a: VectorArguments): Cred | null {
  const found = CREDS[a.string('cred')];
  return found === undefined ? a.fail(`unknown cred ${a.string('cred')}`) : found;
}

function parms(a: VectorArguments): ClassParms {
  return { ...a.object('parms').line } as ClassParms;
}

function nice(result: NiceResult): Outcome {
  return { ret: result.error, retval: result.retval };
}

/** A call of the class of `t` that returns nothing. */
function call(invoke: (ops: ClassOps, t: number) => void): Operation {
  return (w, a) => {
    const t = thread(w, a);
    invoke(w.classes.of(t), t);
    return {};
  };
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

const OPERATIONS: Readonly<Record<string, Operation>> = {
  proc(w, a) {
    const tty = a.has('tty') ? a.number('tty') : undefined;
    w.addProcess(a.number('p'), a.number('pid'), a.number('sid'), a.number('pgrp'), tty);
    return {};
  },

  stat(w, a) {
    w.processes.get(process(w, a))!.sidl = a.flag('sidl');
    return {};
  },

  thread(w, a) {
    const t = w.addThread(a.number('t'), process(w, a), a.number('list'), a.number('cpu'));
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
    const ct = w.addThread(a.number('ct'), process(w, a, 'cp'), a.number('list'), a.number('cpu'));
    w.machine.set(KIND.t_pri, ct, w.machine.get(KIND.t_pri, t), CAUSE.lwp_create);
    return { ret: w.classes.fork(t, ct) };
  },

  forkret(w, a) {
    w.classes.forkret(thread(w, a), thread(w, a, 'ct'));
    return {};
  },

  exit(w, a) {
    w.classes.exitclass(thread(w, a));
    w.removeThread(a.number('t'));
    return {};
  },

  set: () => ({}),
  checkpoint: () => ({}),

  enterclass(w, a) {
    const name = a.string('class');
    const ops = w.classes.sclass.find((known) => known.name === name) ?? a.fail(`unknown class ${name}`);
    const given = a.isNull('parms') ? null : parms(a);
    return { ret: w.classes.enterclass(thread(w, a), ops.cid, given, cred(a)) };
  },

  parmsset: (w, a) => ({ ret: w.classes.parmsset(thread(w, a), parms(a), cred(a)) }),

  parmsget(w, a) {
    const t = thread(w, a);
    return { ret: w.classes.of(t).cl_parmsget(t) };
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

  tick: call((ops, t) => ops.cl_tick(t)),
  preempt: call((ops, t) => ops.cl_preempt(t)),
  yield: call((ops, t) => ops.cl_yield(t)),
  sleep: call((ops, t) => ops.cl_sleep(t)),
  trapret: call((ops, t) => ops.cl_trapret(t)),
  setrun: call((ops, t) => ops.cl_setrun(t)),
  wakeup: call((ops, t) => ops.cl_wakeup(t)),

  update(w) {
    w.classes.ts.ts_update();
    return {};
  },
};
