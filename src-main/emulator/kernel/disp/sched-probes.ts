/**
 * Probes of the dispatcher: those of DTrace's `sched` provider and the static ones of disp.c. A run has no use for
 * them, its trace says more; the conformance driver compares them.
 */
export interface SchedProbes {
  /** sched:::enqueue; `dp` is the queue (DispQueues). */
  enqueue(t: number, dp: number, front: boolean): void;
  /** sched:::dequeue */
  dequeue(t: number, dp: number): void;
  /** sched:::surrender */
  surrender(t: number): void;
  /** sched:::preempt */
  preempt(t: number): void;
  /** sched:::remain-cpu */
  remain_cpu(t: number): void;
  /** resume(): `cpu` goes from thread `t` to `next`; NONE is its idle thread. */
  resume(cpu: number, t: number, next: number): void;
  /** aston() */
  aston(t: number): void;
  /** sdt:::runq-balance */
  runq_balance(t: number, cp: number, newcp: number): void;
  /** sdt:::nosteal */
  nosteal(t: number, tcp: number, cp: number): void;
  /** sdt:::steal; `tcp` is NONE for the queue of a processor set. */
  steal(t: number, tcp: number, cp: number): void;
  /** No probe of the kernel: `t` is ONPROC, and the choice not ratified yet; another CPU may come in between. */
  chosen(t: number): void;
}

const nothing = (): void => undefined;

export const NO_PROBES: SchedProbes = {
  enqueue: nothing,
  dequeue: nothing,
  surrender: nothing,
  preempt: nothing,
  remain_cpu: nothing,
  resume: nothing,
  aston: nothing,
  runq_balance: nothing,
  nosteal: nothing,
  steal: nothing,
  chosen: nothing,
};
