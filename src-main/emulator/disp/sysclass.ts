/**
 * The system class (sysclass.c): kernel threads, and every thread before it enters another class. It has no
 * quanta and no parameters; a thread keeps the priority that it was made with. Preemption control has no
 * meaning here.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../assert-kernel.ts';
import { EINVAL } from '../errno.ts';
import type { Machine } from '../machine.ts';
import type { ClassOps, ClassServices, Errno } from './class-ops.ts';

/** Global priorities of the class (MINCLSYSPRI, MAXCLSYSPRI). */
export const minclsyspri = 60;
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
    cl_admin: () => EINVAL,
    cl_getclpri: () => [minclsyspri, maxclsyspri],
    cl_parmsin: () => EINVAL,
    cl_alloc: () => NONE,
    cl_free: () => undefined,
    t_cldata: () => NONE,
    cl_enterclass: (t, cid) => this.sys_enterclass(t, cid),
    cl_canexit: () => 0,
    cl_exitclass: () => undefined,
    cl_fork: () => 0,
    cl_forkret: (t, ct) => this.sys_forkret(t, ct),
    cl_parmsget: () => ({}),
    cl_parmsset: () => 0,
    cl_stop: () => undefined,
    cl_exit: () => undefined,
    cl_active: () => undefined,
    cl_inactive: () => undefined,
    cl_trapret: () => undefined,
    cl_preempt: (t) => this.services.setfrontdq(t),
    cl_setrun: (t) => this.services.setbackdq(t),
    cl_sleep: () => undefined,
    cl_tick: () => undefined,
    cl_wakeup: (t) => this.services.setbackdq(t),
    cl_donice: () => ({ error: EINVAL, retval: undefined }),
    cl_doprio: () => ({ error: EINVAL, retval: undefined }),
    cl_globpri: (t) => this.machine.get(KIND.t_pri, t),
    cl_set_process_group: () => undefined,
    cl_yield: (t) => this.services.setbackdq(t),
  };

  private sys_enterclass(t: number, cid: number): Errno {
    this.machine.set(KIND.t_cid, t, cid, CAUSE.setup);
    return 0;
  }

  /** Sets the LWPs of child and parent running; neither loses its CPU. */
  private sys_forkret(t: number, ct: number): void {
    const { machine, services } = this;
    ASSERT(machine.curthread === t, 'sys_forkret', 't == curthread');
    services.continuelwps(services.processOf(ct));
    services.continuelwps(services.processOf(t));
  }
}
