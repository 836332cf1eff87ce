/** A machine for tests of signals and parking: one process, threads that run, and the least of an engine. */
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { createKernelContext, type KernelContext } from '../context/kernel-context.ts';
import { Machine } from '../../machine.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { schedctl, schedctl_init } from '../schedctl/schedctl.ts';
import { lwp_create, proc_create } from './process.ts';
import { SignalState, type SignalContext } from './signal-context.ts';
import { user_store } from './user-schedctl.ts';

export interface SignalFixture {
  readonly c: SignalContext;
  readonly k: KernelContext;
  /** Threads that were called into the kernel. */
  readonly called: number[];
  /** Makes `t` the current thread, on a CPU. */
  run(t: number): void;
  /** Puts the current thread to sleep. */
  readonly block: () => void;
  /** User code of the current thread stores into its shared structure. */
  store(kind: number, value: number): void;
  state(t: number): number;
  flags(t: number): number;
}

/** Process 0 with threads 0..n-1, all with a shared structure, thread 0 current. */
export function signalFixture(threads: number): SignalFixture {
  const k = createKernelContext(new Machine(new TransitionProbe()));
  const { machine } = k;
  schedctl_init(k);
  proc_create(k, 0, CAUSE.setup);
  const ids = Array.from({ length: threads }, (_, t) => t);
  const called: number[] = [];
  const setState = (t: number, state: number): void => machine.set(KIND.t_state, t, state, CAUSE.setup);
  const run = (t: number): void => {
    machine.curthread = t;
    setState(t, TS.ONPROC);
  };
  for (const t of ids) {
    lwp_create(k, t, 0, CAUSE.setup);
    run(t);
    schedctl(k);
  }
  run(0);
  return {
    k,
    c: {
      k,
      signals: new SignalState(),
      services: {
        threadsOf: () => ids,
        setrun: (t) => setState(t, TS.RUN),
        wakeup: (t) => setState(t, TS.RUN),
        aston: (t) => void called.push(t),
      },
    },
    called,
    run,
    block: () => setState(machine.curthread, TS.SLEEP),
    store: (kind, value) => void user_store(k, machine.curthread, kind, value, CAUSE.user_store),
    state: (t) => machine.get(KIND.t_state, t),
    flags: (t) => machine.get(KIND.sc_flgs, machine.get(KIND.t_schedctl, t)),
  };
}
