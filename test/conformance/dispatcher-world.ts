/**
 * The surroundings of the dispatcher in its vectors (dispatcher/README.md): classes and clocks are input; calls and
 * probes are recorded.
 *
 * Ids of the vectors are mapped to ordinals of the emulator, so that an id may come again after its owner is gone.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { DispContext, sysdccid, TS_RUNQMATCH } from '#main/emulator/kernel/disp/disp-context.ts';
import { dispdeq, setbackdq, setfrontdq } from '#main/emulator/kernel/disp/run-queues.ts';
import type { SchedProbes } from '#main/emulator/kernel/disp/sched-probes.ts';
import type { ThreadServices } from '#main/emulator/kernel/disp/thread.ts';
import { Machine } from '#main/emulator/machine.ts';
import { ContextOperations } from '#main/emulator/kernel/context/ctxops.ts';
import type { Json } from './json.ts';

export interface DispatcherWorldOptions {
  readonly ncpus: number;
  readonly nparts: number;
  readonly nosteal_nsec: number;
  /** Every CPU that runs no thread counts as halted. */
  readonly halt: boolean;
}

/** A thread as the `thread` operation makes it. */
export interface NewThread {
  readonly id: number;
  readonly pri: number;
  readonly epri: number;
  readonly cpu: number;
  readonly part: number;
  readonly disp_time: number;
  readonly hasLwp: boolean;
  readonly isSysdc: boolean;
  readonly isRunqmatch: boolean;
}

/** A thread that is queued from outside when another has just been chosen. */
export interface Race {
  readonly t: number;
  readonly front: boolean;
}

export class DispatcherWorld {
  readonly machine = new Machine(new TransitionProbe());
  readonly nparts: number;
  readonly d: DispContext;
  readonly services: ThreadServices;
  /** Vector id to ordinal, of the threads that exist, in the order in which they appeared. */
  readonly threads = new Map<number, number>();
  /** What the dispatcher called during the operation, in the form of the vectors. */
  calls: Json[] = [];
  /** To which end of a queue the class of a preempted thread puts it. */
  preemptsToFront = false;
  race: Race | null = null;

  private readonly ctx = new ContextOperations();
  private readonly idOf: number[] = [];

  constructor(options: DispatcherWorldOptions) {
    const { machine } = this;
    this.nparts = options.nparts;
    this.d = new DispContext(
      machine,
      options.ncpus,
      this.ctx,
      {
        poke_cpu: (cpu) => this.calls.push(['poke', cpu]),
        disp_enq_thread: (cpu, bound) => this.calls.push(['enq', cpu, bound ? 1 : 0]),
        switchedOut: () => undefined,
        switchedIn: () => undefined,
        idles: () => undefined,
      },
      {
        CL_PREEMPT: (t) => {
          this.calls.push(['cl_preempt', this.threadId(t)]);
          this.queue(t, this.preemptsToFront);
        },
        forEachThread: (visit) => this.threads.forEach((t) => visit(t)),
        start_cpus: () => undefined,
        fss_changepset: () => undefined,
      },
      { nosteal_nsec: options.nosteal_nsec, probes: this.probes() },
    );
    this.d.halted.fill(options.halt ? 1 : 0);
    this.services = {
      machine,
      setfrontdq: (t) => setfrontdq(this.d, t),
      setbackdq: (t) => setbackdq(this.d, t),
      dispdeq: (t) => dispdeq(this.d, t),
      sleepq_requeue: (t) => this.calls.push(['sleepq_requeue', this.threadId(t)]),
      waitq_requeue: (t) => this.calls.push(['waitq_requeue', this.threadId(t)]),
      schedctl_set_cidpri: () => undefined,
      probe: (name, t, pri) => this.calls.push(['probe', name, this.threadId(t), pri]),
    };
  }

  threadId(t: number): number {
    return this.idOf[t]!;
  }

  addThread(thread: NewThread): void {
    const { d, machine } = this;
    const t = this.idOf.length;
    this.threads.set(thread.id, t);
    this.idOf.push(thread.id);
    machine.ensure('lwp', t);
    d.ensureLwp(t);
    this.ctx.ensureLwp(t);
    machine.set(KIND.t_state, t, TS.STOPPED, CAUSE.setup);
    machine.set(KIND.t_cid, t, thread.isSysdc ? sysdccid : CID.TS, CAUSE.setup);
    machine.set(KIND.t_pri, t, thread.pri, CAUSE.setup);
    machine.set(KIND.t_epri, t, thread.epri, CAUSE.setup);
    machine.set(KIND.t_cpu, t, thread.cpu, CAUSE.setup);
    machine.set(KIND.t_cpupart, t, thread.part, CAUSE.setup);
    machine.set(KIND.t_disp_time, t, thread.disp_time, CAUSE.setup);
    if (!thread.hasLwp) d.lwp_state[t] = 0;
    if (thread.isRunqmatch) d.t_schedflag[t] = TS_RUNQMATCH;
  }

  removeThread(t: number): void {
    this.machine.set(KIND.t_state, t, TS.FREE, CAUSE.setup);
    this.threads.delete(this.threadId(t));
  }

  /** Puts a thread at one end of a queue. */
  queue(t: number, front: boolean): void {
    if (front) setfrontdq(this.d, t);
    else setbackdq(this.d, t);
  }

  private probes(): SchedProbes {
    const record = (call: Json): void => void this.calls.push(call);
    const id = (t: number): Json => (t === NONE ? null : this.threadId(t));
    const cpu = (cp: number): Json => (cp === NONE ? null : cp);
    return {
      enqueue: (t, dp, front) => record(['probe', 'enqueue', id(t), this.queueName(dp), front ? 1 : 0]),
      dequeue: (t, dp) => record(['probe', 'dequeue', id(t), this.queueName(dp)]),
      surrender: (t) => record(['probe', 'surrender', id(t)]),
      preempt: (t) => record(['probe', 'preempt', id(t)]),
      remain_cpu: (t) => record(['probe', 'remain-cpu', id(t)]),
      resume: (cp, t, next) => record(['resume', cp, id(t), id(next)]),
      aston: (t) => record(['aston', id(t)]),
      runq_balance: (t, cp, newcp) => record(['sdt', 'runq-balance', id(t), cp, newcp]),
      nosteal: (t, tcp, cp) => record(['sdt', 'nosteal', id(t), cpu(tcp), cp]),
      steal: (t, tcp, cp) => record(['sdt', 'steal', id(t), cpu(tcp), cp]),
      chosen: () => this.raceComes(),
    };
  }

  private queueName(dp: number): string {
    const { ncpus } = this.d.cpus;
    return dp < ncpus ? `cpu${dp}` : `kp${dp - ncpus}`;
  }

  private raceComes(): void {
    const { machine, race } = this;
    if (race === null) return;
    this.race = null;
    const { cpuNow, curthread } = machine;
    machine.cpuNow = NONE;
    machine.curthread = NONE;
    this.queue(race.t, race.front);
    machine.cpuNow = cpuNow;
    machine.curthread = curthread;
  }
}
