/**
 * The loaded scheduling classes (the sclass[] array) and the ways in and out of them (class.c, priocntl.c).
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { ClassOps, ClassParms, ClassServices, Cred, Errno, VaParms } from './class-ops.ts';
import { FairShare } from './fss.ts';
import { FixedPriority } from './fx.ts';
import { Interactive } from './ia.ts';
import { RealTime } from './rt.ts';
import { SystemClass } from './sysclass.ts';
import type { ThreadServices } from './thread.ts';
import { TimeSharing } from './ts.ts';
import { TS_DPTBL_DEFAULT, type TsDptbl } from './ts-dptbl.ts';

/** What the functions of this file call beside the classes. */
export type ClassesServices = ClassServices & Pick<ThreadServices, 'schedctl_set_cidpri'>;

export interface ClassesOptions {
  /** Dispatch table of TS and IA; valid (see ts-dptbl.ts). */
  readonly ts_dptbl?: TsDptbl;
}

export class SchedulingClasses {
  readonly ts: TimeSharing;
  readonly ia: Interactive;
  readonly fx: FixedPriority;
  readonly fss: FairShare;
  /** Function tables by class id (sclass[]). */
  readonly sclass: readonly ClassOps[];
  private readonly services: ClassesServices;

  constructor(services: ClassesServices, options: ClassesOptions = {}) {
    this.services = services;
    this.ts = new TimeSharing(services, options.ts_dptbl ?? TS_DPTBL_DEFAULT);
    this.ia = new Interactive(services, this.ts);
    this.fx = new FixedPriority(services);
    this.fss = new FairShare(services);
    const sclass: ClassOps[] = [];
    sclass[CID.SYS] = new SystemClass(services).sys_classfuncs;
    sclass[CID.TS] = this.ts.ts_classfuncs;
    sclass[CID.IA] = this.ia.ia_classfuncs;
    sclass[CID.FX] = this.fx.fx_classfuncs;
    sclass[CID.FSS] = this.fss.fss_classfuncs;
    sclass[CID.RT] = new RealTime(services).rt_classfuncs;
    this.sclass = sclass;
  }

  /** The function table of the class that `t` is in (t_clfuncs). Hot: one column read and one array read. */
  of(t: number): ClassOps {
    return this.sclass[this.services.machine.get(KIND.t_cid, t)]!;
  }

  /**
   * Puts `t` into class `cid` (priocntl to another class, or the first class of a new LWP). Parameters are
   * checked first; the old class is left when the new one is entered. On error nothing has changed.
   */
  enterclass(t: number, cid: number, parms: ClassParms | null, cred: Cred | null): Errno {
    const oldops = this.of(t);
    const newops = this.sclass[cid]!;
    const checked = parms === null ? null : { ...parms };
    if (checked !== null) {
      const error = newops.cl_parmsin(checked);
      if (error !== 0) return error;
    }
    const oldclp = oldops.t_cldata(t);
    const bufp = newops.cl_alloc();
    let error = oldops.cl_canexit(t, cred);
    if (error === 0) error = newops.cl_enterclass(t, cid, checked, cred, bufp);
    if (error !== 0) {
      newops.cl_free(bufp);
      return error;
    }
    oldops.cl_exitclass(oldclp);
    this.services.schedctl_set_cidpri(t);
    return 0;
  }

  /** Sets parameters of `t` within its class (priocntl). */
  parmsset(t: number, parms: ClassParms, cred: Cred | null): Errno {
    const checked = { ...parms };
    return this.of(t).cl_parmsin(checked) || this.setChecked(t, checked, cred);
  }

  /** The same with parameters by key. */
  vaparmsset(t: number, vaparms: VaParms, cred: Cred | null): Errno {
    const parms: ClassParms = {};
    return this.of(t).cl_vaparmsin(vaparms, parms) || this.setChecked(t, parms, cred);
  }

  private setChecked(t: number, parms: ClassParms, cred: Cred | null): Errno {
    const error = this.of(t).cl_parmsset(t, parms, this.requestingClass(), cred);
    if (error === 0) this.services.schedctl_set_cidpri(t);
    return error;
  }

  /** Class of the thread that asks (reqpcid). */
  private requestingClass(): number {
    const { machine } = this.services;
    return machine.curthread === NONE ? CID.SYS : machine.get(KIND.t_cid, machine.curthread);
  }

  /** CL_FORK for a new thread `ct` of curthread `t`, which is then in the class of `t`. */
  fork(t: number, ct: number): Errno {
    const error = this.of(t).cl_fork(t, ct);
    if (error === 0) {
      this.services.machine.set(KIND.t_cid, ct, this.services.machine.get(KIND.t_cid, t), CAUSE.lwp_create);
    }
    return error;
  }

  /** CL_FORKRET for curthread `t`, then what fork does for the shared structure. */
  forkret(t: number, ct: number): void {
    this.of(t).cl_forkret(t, ct);
    this.services.schedctl_set_cidpri(t);
  }

  /** CL_EXITCLASS for a thread that ends. */
  exitclass(t: number): void {
    const ops = this.of(t);
    ops.cl_exitclass(ops.t_cldata(t));
  }
}
