/** The operations of the dispatcher vectors (dispatcher/README.md, "Operations"), each as a call of the emulator. */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import {
  cpu_bind_thread,
  disp_bound_anythreads,
  disp_bound_partition,
  disp_bound_threads,
} from '#main/emulator/kernel/disp/cpu-bind.ts';
import { cpu_surrender } from '#main/emulator/kernel/disp/cpu-resched.ts';
import { cpu_offline, cpu_online } from '#main/emulator/kernel/disp/cpu-state.ts';
import { cpupart_attach_cpu, cpupart_move_thread } from '#main/emulator/kernel/disp/cpupart-move.ts';
import { LWP_SYS, LWP_USER, TB_CPU_SOFT } from '#main/emulator/kernel/disp/disp-context.ts';
import { disp_anywork } from '#main/emulator/kernel/disp/getwork.ts';
import { idle } from '#main/emulator/kernel/disp/idle.ts';
import { disp_lowpri_cpu } from '#main/emulator/kernel/disp/lowpri-cpu.ts';
import { preempt } from '#main/emulator/kernel/disp/preempt.ts';
import { dispdeq } from '#main/emulator/kernel/disp/run-queues.ts';
import { swtch, swtch_from_zombie } from '#main/emulator/kernel/disp/swtch.ts';
import { thread_change_epri, thread_change_pri } from '#main/emulator/kernel/disp/thread.ts';
import type { DispatcherWorld } from './dispatcher-world.ts';
import type { VectorLine } from './driver.ts';
import type { Json } from './json.ts';
import { VectorArguments } from './vector-arguments.ts';

/** Gives the result, undefined where the operation has none. */
type Operation = (w: DispatcherWorld, a: VectorArguments) => Json | undefined;

type Surrounding = (w: DispatcherWorld, a: VectorArguments, set: VectorArguments, name: string) => void;

const threadField =
  (kind: number): Surrounding =>
  (w, a, set, name) =>
    w.machine.set(kind, thread(w, a), set.number(name), CAUSE.setup);

/** Members of `set`; none depends on another. */
const SURROUNDINGS: Readonly<Record<string, Surrounding>> = {
  lbolt: (w, _, set) => w.machine.set(KIND.lbolt, 0, set.number('lbolt'), CAUSE.clock),
  now: (w, _, set) => {
    w.machine.timeNs = set.number('now');
  },
  state: threadField(KIND.t_state),
  pri: threadField(KIND.t_pri),
  epri: threadField(KIND.t_epri),
  disp_time: threadField(KIND.t_disp_time),
  weak: (w, a, set) => {
    w.d.t_weakbound_cpu[thread(w, a)] = set.isNull('weak') ? NONE : cpuArgument(w, set, 'weak');
  },
  steal: (w, a, set) => {
    w.d.queues.disp_steal[cpuArgument(w, a, 'cpu')] = set.number('steal');
  },
  halted: (w, a, set) => {
    w.d.halted[cpuArgument(w, a, 'cpu')] = set.number('halted');
  },
  intr_actv: (w, a, set) => {
    w.d.cpu_intr_actv[cpuArgument(w, a, 'cpu')] = set.number('intr_actv');
  },
  can_migrate: (w, _, set) => {
    w.d.pg_cmt_can_migrate = set.flag('can_migrate');
  },
};

/** Runs one operation. Throws what the emulator throws, and VectorFormatError. */
export function runOperation(w: DispatcherWorld, line: VectorLine, lineNumber: number): Json | undefined {
  const a = new VectorArguments(line, lineNumber);
  const op = a.string('op');
  const operation = OPERATIONS[op] ?? a.fail(`unknown operation ${op}`);
  if (a.has('set')) {
    const set = a.object('set');
    for (const name of Object.keys(set.line)) {
      const apply = SURROUNDINGS[name] ?? a.fail(`unknown surroundings ${name}`);
      apply(w, a, set, name);
    }
  }
  w.calls = [];
  w.preemptsToFront = a.flag('front');
  const { machine } = w;
  machine.cpuNow = a.has('on') ? cpuArgument(w, a, 'on') : NONE;
  machine.curthread = machine.cpuNow === NONE || a.flag('intr') ? NONE : w.d.cpu_thread[machine.cpuNow]!;
  const ret = operation(w, a);
  machine.cpuNow = NONE;
  machine.curthread = NONE;
  return ret;
}

function thread(w: DispatcherWorld, a: VectorArguments): number {
  return w.threads.get(a.number('t')) ?? a.fail(`there is no thread ${a.number('t')}`);
}

function cpuArgument(w: DispatcherWorld, a: VectorArguments, name: string): number {
  const cpu = a.number(name);
  return cpu >= 0 && cpu < w.d.cpus.ncpus ? cpu : a.fail(`there is no CPU ${cpu}`);
}

/** The thread on CPU `on`, whose call it is. */
function onCpu(w: DispatcherWorld, a: VectorArguments): number {
  const t = w.machine.curthread;
  return t === NONE ? a.fail(`there is no thread on CPU ${a.number('on')}`) : t;
}

function part(w: DispatcherWorld, a: VectorArguments): number {
  const number = a.number('part');
  return number >= 0 && number < w.nparts ? number : a.fail(`there is no partition ${number}`);
}

const optional = (a: VectorArguments, name: string): number => (a.has(name) ? a.number(name) : 0);

/** An operation that gives no result. */
const call =
  (invoke: (w: DispatcherWorld, a: VectorArguments) => void): Operation =>
  (w, a) => {
    invoke(w, a);
    return undefined;
  };

const OPERATIONS: Readonly<Record<string, Operation>> = {
  // Threads

  thread: call((w, a) => {
    w.addThread({
      id: a.number('t'),
      pri: a.number('pri'),
      epri: optional(a, 'epri'),
      cpu: cpuArgument(w, a, 'cpu'),
      part: part(w, a),
      disp_time: optional(a, 'disp_time'),
      hasLwp: !a.flag('nolwp'),
      isSysdc: a.flag('sysdc'),
      isRunqmatch: a.flag('runqmatch'),
    });
  }),
  gone: call((w, a) => w.removeThread(thread(w, a))),
  set: () => undefined,
  checkpoint: () => undefined,

  // Queues

  setbackdq: call((w, a) => w.queue(thread(w, a), false)),
  setfrontdq: call((w, a) => w.queue(thread(w, a), true)),
  dispdeq(w, a) {
    const t = thread(w, a);
    const wasQueued = dispdeq(w.d, t);
    if (wasQueued) w.machine.set(KIND.t_state, t, TS.STOPPED, CAUSE.setup);
    return wasQueued ? 1 : 0;
  },
  change_pri: (w, a) =>
    thread_change_pri(w.services, thread(w, a), a.number('pri'), a.flag('front')) ? 1 : 0,
  change_epri: call((w, a) => thread_change_epri(w.services, thread(w, a), a.number('pri'))),
  surrender: call((w, a) => {
    const t = thread(w, a);
    if (w.d.lwp_state[t] !== 0) w.d.lwp_state[t] = a.flag('user') ? LWP_USER : LWP_SYS;
    cpu_surrender(w.d, t);
  }),

  // Switching

  swtch: call((w, a) => {
    a.number('on');
    if (a.has('race')) {
      const race = a.object('race');
      w.race = { t: thread(w, race), front: race.flag('front') };
    }
    swtch(w.d);
    // Where nothing was picked there was no moment between the pick and its ratification.
    w.race = null;
  }),
  preempt: call((w, a) => {
    onCpu(w, a);
    preempt(w.d);
  }),
  exit: call((w, a) => {
    const t = onCpu(w, a);
    w.machine.set(KIND.t_state, t, TS.ZOMB, CAUSE.lwp_exit);
    swtch_from_zombie(w.d);
    w.removeThread(t);
  }),
  idle(w, a) {
    a.number('on');
    const turn = idle(w.d);
    return turn === 'switched' ? undefined : turn;
  },
  anywork: (w, a) => (disp_anywork(w.d, cpuArgument(w, a, 'on')) ? 1 : 0),

  // Choice of a CPU, bindings

  lowpri_cpu: (w, a) => disp_lowpri_cpu(w.d, cpuArgument(w, a, 'hint'), thread(w, a)),
  bind(w, a) {
    const t = thread(w, a);
    if (a.has('soft')) w.d.t_bindflag[t] = a.flag('soft') ? TB_CPU_SOFT : 0;
    const bind = a.isNull('cpu') ? NONE : a.number('cpu');
    return cpu_bind_thread(w.d, t, bind, CAUSE.cpu_bind_thread);
  },
  bound_threads(w, a) {
    const cpu = cpuArgument(w, a, 'cpu');
    return (
      (disp_bound_threads(w.d, cpu) ? 1 : 0) +
      (disp_bound_anythreads(w.d, cpu) ? 2 : 0) +
      (disp_bound_partition(w.d, cpu) ? 4 : 0)
    );
  },

  // CPUs and partitions

  cpu_offline: (w, a) => cpu_offline(w.d, cpuArgument(w, a, 'cpu'), a.flag('forced')),
  cpu_online: (w, a) => cpu_online(w.d, cpuArgument(w, a, 'cpu')),
  move_cpu: (w, a) => cpupart_attach_cpu(w.d, cpuArgument(w, a, 'cpu'), part(w, a), a.flag('forced')),
  move_thread: (w, a) => cpupart_move_thread(w.d, thread(w, a), part(w, a)),
};
