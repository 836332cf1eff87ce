/**
 * The functions of schedctl.c that the scheduling classes call, with what stands around each call in the C:
 * the test for a shared structure and the thread lock.
 */
import { NONE } from '#shared/base/none.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { KernelContext } from '../context/kernel-context.ts';
import {
  schedctl_get_nopreempt,
  schedctl_set_cidpri,
  schedctl_set_nopreempt,
  schedctl_set_yield,
} from '../schedctl/schedctl.ts';
import type { ClassServices } from './class-ops.ts';
import type { ThreadServices } from './thread.ts';

export type ClassSchedctl = Pick<
  ClassServices,
  'schedctl_get_nopreempt' | 'schedctl_set_nopreempt' | 'schedctl_set_yield'
> &
  Pick<ThreadServices, 'schedctl_set_cidpri'>;

/** Binds the functions to a machine. Hot: called at ticks and preemptions, they allocate nothing. */
export function classSchedctl(k: KernelContext): ClassSchedctl {
  const { machine, locks } = k;
  /** Takes the thread lock unless the caller of the class has it; returns whether it was taken here. */
  const lock = (t: number): boolean => {
    if (locks.threadLockHeld(t)) return false;
    locks.thread_lock(t);
    return true;
  };
  return {
    schedctl_get_nopreempt(t) {
      if (machine.get(KIND.t_schedctl, t) === NONE) return 0;
      const taken = lock(t);
      const value = schedctl_get_nopreempt(k, t);
      if (taken) locks.thread_unlock(t);
      return value;
    },
    schedctl_set_nopreempt(t, value) {
      if (machine.get(KIND.t_schedctl, t) === NONE) return;
      const taken = lock(t);
      schedctl_set_nopreempt(k, t, value);
      if (taken) locks.thread_unlock(t);
    },
    schedctl_set_yield(t, value) {
      if (machine.get(KIND.t_schedctl, t) === NONE) return;
      const taken = lock(t);
      schedctl_set_yield(k, t, value);
      if (taken) locks.thread_unlock(t);
    },
    schedctl_set_cidpri: (t) => schedctl_set_cidpri(k, t),
  };
}
