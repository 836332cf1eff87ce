/**
 * The system class (sysclass.c): kernel threads, and every thread before it enters another class. It has no
 * quanta and no parameters; a thread keeps the priority that it was made with. Preemption control has no
 * meaning here, and a yield does nothing.
 */
import { NONE } from '#shared/base/none.ts';
import { CID } from '#shared/model/enums.ts';
import { ASSERT } from '../../assert-kernel.ts';
import { EINVAL, ENOSYS } from '../../errno.ts';
import type { Machine } from '../../machine.ts';
import { minclsyspri, type ClassOps, type ClassServices } from './class-ops.ts';

/** Highest global priority of the class (MAXCLSYSPRI). */
export const maxclsyspri = 99;

export class SystemClass {
  private readonly services: ClassServices;
  private readonly machine: Machine;

  constructor(services: ClassServices) {
    this.services = services;
    this.machine = services.machine;
  }

  /** The function table of the class (sys_classfuncs). */
  readonly sys_classfuncs: ClassOps = {
    name: 'SYS',
    cid: CID.SYS,
    cl_admin: () => ENOSYS,
    cl_getclpri: () => [minclsyspri, maxclsyspri],
    cl_parmsin: () => ENOSYS,
    cl_parmsout: () => ENOSYS,
    cl_vaparmsin: () => ENOSYS,
    cl_alloc: () => NONE,
    cl_free: () => undefined,
    t_cldata: () => NONE,
    // A thread is in SYS before it enters another class; it never comes back, and its class is not set here.
    cl_enterclass: () => 0,
    cl_canexit: () => 0,
    cl_exitclass: () => undefined,
    cl_fork: () => 0,
    cl_forkret: (t, ct) => this.sys_forkret(t, ct),
    cl_parmsget: () => ({}),
    cl_parmsset: () => ENOSYS,
    cl_stop: () => undefined,
    cl_exit: () => undefined,
    cl_active: () => undefined,
    cl_inactive: () => undefined,
    cl_swapin: () => -1,
    cl_swapout: () => -1,
    cl_trapret: () => undefined,
    cl_preempt: (t) => this.services.setfrontdq(t),
    cl_setrun: (t) => this.services.setbackdq(t),
    cl_sleep: () => undefined,
    cl_tick: () => undefined,
    cl_wakeup: (t) => this.services.setbackdq(t),
    cl_donice: () => ({ error: EINVAL, retval: undefined }),
    cl_doprio: () => ({ error: EINVAL, retval: undefined }),
    cl_globpri: () => -1,
    cl_set_process_group: () => undefined,
    cl_yield: () => undefined,
  };

  /** Sets the LWPs of child and parent running; neither loses its CPU. */
  private sys_forkret(t: number, ct: number): void {
    const { machine, services } = this;
    ASSERT(machine.curthread === t, 'sys_forkret', 't == curthread');
    ASSERT(services.pidlockHeld(), 'sys_forkret', 'MUTEX_HELD(&pidlock)');
    services.continuelwps(services.processOf(ct));
    services.continuelwps(services.processOf(t));
  }
}
