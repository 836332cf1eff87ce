/**
 * The real-time class (rt.c): fixed priorities above those of all others, quanta among equals. It pays no
 * attention to sc_nopreempt. Functions stand in the order of the C.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, RT_FLAGS, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../../assert-kernel.ts';
import { EINVAL, EPERM } from '../../errno.ts';
import type { Machine } from '../../machine.ts';
import {
  type ClassOps,
  type ClassParms,
  type ClassServices,
  type Cred,
  type Errno,
  type NiceResult,
} from './class-ops.ts';
import { TQDEF, TQINF, quantumParmsout } from './quantum-parms.ts';
import { RT_DPTBL, RT_LEVELS } from './rt-dptbl.ts';
import { RT_DOPRI, RT_DOSIG, RT_DOTQ, RT_NOCHANGE, rt_maxpri, rt_parmsin, rt_vaparmsin } from './rt-parms.ts';
import { awaitsMemory, NOT_ELIGIBLE, SHRT_MAX } from './swapper.ts';
import { DISP_MUST_SURRENDER, updateDispatchPri } from './thread.ts';

const { RTBACKQ } = RT_FLAGS;

export class RealTime {
  private readonly services: ClassServices;
  private readonly machine: Machine;
  /** Default quantum by level, ticks or TQINF (rt_dptbl[].rt_quantum); the administrator may change it. */
  private rt_quantum: readonly number[] = RT_DPTBL.map(({ quantum }) => quantum);

  constructor(services: ClassServices) {
    this.services = services;
    this.machine = services.machine;
  }

  /** The function table of the class (rt_classfuncs). */
  readonly rt_classfuncs: ClassOps = {
    name: 'RT',
    cid: CID.RT,
    cl_admin: (request, cred) =>
      request.cmd === 'RT_SETDPTBL' ? this.rt_setdptbl(request.quanta, cred) : EINVAL,
    cl_getclpri: () => [0, rt_maxpri],
    cl_parmsin: (parms) => rt_parmsin(parms, this.services.hz),
    cl_parmsout: (parms) => quantumParmsout(parms, this.services.hz),
    cl_vaparmsin: (vaparms, parms) => rt_vaparmsin(vaparms, parms, this.services.hz),
    // An rtproc_t is on a list that nothing walks: the thread is its handle.
    cl_alloc: () => NONE,
    cl_free: () => undefined,
    t_cldata: () => NONE,
    cl_enterclass: (t, cid, parms, cred) => this.rt_enterclass(t, cid, parms, cred),
    cl_canexit: () => 0,
    cl_exitclass: () => undefined,
    cl_fork: (t, ct) => this.rt_fork(t, ct),
    cl_forkret: (t, ct) => this.rt_forkret(t, ct),
    cl_parmsget: (t) => this.rt_parmsget(t),
    cl_parmsset: (t, parms, reqpcid, cred) => this.rt_parmsset(t, parms, reqpcid, cred),
    cl_stop: () => undefined,
    cl_exit: () => undefined,
    cl_active: () => undefined,
    cl_inactive: () => undefined,
    cl_swapin: (t, swapper) => (awaitsMemory(this.services, swapper, t) ? SHRT_MAX : NOT_ELIGIBLE),
    cl_swapout: () => NOT_ELIGIBLE,
    cl_trapret: () => undefined,
    cl_preempt: (t) => this.rt_preempt(t),
    cl_setrun: (t) => this.rt_setrun(t, CAUSE.rt_setrun),
    cl_sleep: () => undefined,
    cl_tick: (t) => this.rt_tick(t),
    cl_wakeup: (t) => this.rt_setrun(t, CAUSE.rt_wakeup),
    cl_donice: () => ({ error: EINVAL, retval: undefined }),
    cl_doprio: (t, cred, incr) => this.rt_doprio(t, cred, incr),
    cl_globpri: (t) => this.rt_globpri(t),
    cl_set_process_group: () => undefined,
    cl_yield: (t) => this.rt_yield(t),
  };

  /** Replaces the quanta of the dispatch table. They count from each thread's next use of a default one. */
  private rt_setdptbl(quanta: readonly number[], reqpcredp: Cred | null): Errno {
    if (reqpcredp !== null && !reqpcredp.setpriority) return EPERM;
    if (quanta.length !== RT_LEVELS) return EINVAL;
    if (quanta.some((quantum) => quantum <= 0 && quantum !== TQINF)) return EINVAL;
    this.rt_quantum = [...quanta];
    return 0;
  }

  /** Enters the class; only the privileged may. What is left of a quantum is not set before the thread gets one. */
  rt_enterclass(t: number, cid: number, parms: ClassParms | null, reqpcredp: Cred | null): Errno {
    const { machine } = this;
    const cause = CAUSE.rt_enterclass;
    if (reqpcredp !== null && !reqpcredp.setpriority) return EPERM;
    const cflags = parms === null ? 0 : parms.cflags!;
    const pri = (cflags & RT_DOPRI) === 0 ? 0 : parms!.pri!;
    const tqntm = (cflags & RT_DOTQ) === 0 ? TQDEF : parms!.tqntm!;
    machine.set(KIND.rt_pri, t, pri, cause);
    machine.set(KIND.rt_pquantum, t, tqntm === TQDEF ? this.rt_quantum[pri]! : tqntm, cause);
    machine.set(KIND.rt_tqsignal, t, (cflags & RT_DOSIG) === 0 ? 0 : parms!.tqsig!, cause);
    machine.set(KIND.rt_flags, t, 0, cause);
    machine.set(KIND.t_cid, t, cid, cause);
    this.services.setRunqMatch(t, false);
    this.rt_change_priority(t, cause);
    return 0;
  }

  /** A child has its parent's priority and quantum, a full quantum, and no RTBACKQ. */
  rt_fork(t: number, ct: number): Errno {
    const { machine, services } = this;
    const cause = CAUSE.rt_fork;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'rt_fork', 'MUTEX_HELD(&ttoproc(t)->p_lock)');
    machine.set(KIND.rt_pquantum, ct, machine.get(KIND.rt_pquantum, t), cause);
    this.renewQuantum(ct, cause);
    machine.set(KIND.rt_pri, ct, machine.get(KIND.rt_pri, t), cause);
    machine.set(KIND.rt_flags, ct, machine.get(KIND.rt_flags, t) & ~RTBACKQ, cause);
    machine.set(KIND.rt_tqsignal, ct, machine.get(KIND.rt_tqsignal, t), cause);
    return 0;
  }

  /** The child is set running; the parent keeps its CPU, unlike in the other classes. */
  rt_forkret(t: number, ct: number): void {
    const { machine, services } = this;
    ASSERT(machine.curthread === t, 'rt_forkret', 't == curthread');
    ASSERT(services.pidlockHeld(), 'rt_forkret', 'MUTEX_HELD(&pidlock)');
    services.continuelwps(services.processOf(ct));
    services.continuelwps(services.processOf(t));
  }

  /** What priocntl shows; `tqntm` is the quantum in ticks or TQINF. */
  rt_parmsget(t: number): ClassParms {
    const { machine } = this;
    return { pri: machine.get(KIND.rt_pri, t), tqntm: machine.get(KIND.rt_pquantum, t) };
  }

  /** Sets priority, quantum and signal. Who asks must be a real-time thread or privileged. */
  rt_parmsset(tx: number, parms: ClassParms, reqpcid: number, reqpcredp: Cred | null): Errno {
    const { machine, services } = this;
    const cause = CAUSE.rt_parmsset;
    ASSERT(services.p_lockHeld(services.processOf(tx)), 'rt_parmsset', 'MUTEX_HELD(&(ttoproc(tx))->p_lock)');
    if (reqpcredp !== null && reqpcid !== CID.RT && !reqpcredp.setpriority) return EPERM;
    const { cflags, tqntm } = parms as { cflags: number; tqntm: number };
    if ((cflags & RT_DOPRI) !== 0) {
      machine.set(KIND.rt_pri, tx, parms.pri!, cause);
      this.rt_change_priority(tx, cause);
    }
    if (tqntm === TQINF) {
      // What is left of the old quantum stays, for a later finite one.
      machine.set(KIND.rt_pquantum, tx, TQINF, cause);
    } else if (tqntm === TQDEF || (cflags & RT_DOTQ) !== 0) {
      const ticks = tqntm === TQDEF ? this.rt_quantum[machine.get(KIND.rt_pri, tx)]! : tqntm;
      machine.set(KIND.rt_pquantum, tx, ticks, cause);
      this.renewQuantum(tx, cause);
    }
    if ((cflags & RT_DOSIG) !== 0) machine.set(KIND.rt_tqsignal, tx, parms.tqsig!, cause);
    return 0;
  }

  /** `t` loses its CPU: to the back at the end of its quantum, else to the front. sc_nopreempt is not looked at. */
  rt_preempt(t: number): void {
    const { machine, services } = this;
    const { swapper } = services;
    // As in the C, it is the current thread that must be in user mode.
    if (swapper?.isInUserMode(machine.curthread) === true) swapper.setDontSwap(t, false);
    if ((machine.get(KIND.rt_flags, t) & RTBACKQ) !== 0) this.rt_setrun(t, CAUSE.rt_preempt);
    else services.setfrontdq(t);
  }

  /** The global priority that `t` has. */
  rt_globpri(t: number): number {
    return RT_DPTBL[this.machine.get(KIND.rt_pri, t)]!.globpri;
  }

  /** `t` becomes runnable, also on waking up: a new quantum, the back of the queue. */
  rt_setrun(t: number, cause: number): void {
    this.renewQuantum(t, cause);
    this.clearBackq(t, cause);
    this.services.setbackdq(t);
  }

  /**
   * A clock tick found `t` on a CPU. It surrenders when its quantum reaches 0 (once: the count goes on below
   * 0 until the thread is preempted) or when something better waits. The signal goes out where nothing is left of
   * the quantum, in either case.
   */
  rt_tick(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.rt_tick;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'rt_tick', 'MUTEX_HELD(&(ttoproc(t))->p_lock)');
    let surrenders = false;
    if (machine.get(KIND.rt_pquantum, t) !== TQINF) {
      const timeleft = machine.get(KIND.rt_timeleft, t) - 1;
      machine.set(KIND.rt_timeleft, t, timeleft, cause);
      surrenders = timeleft === 0;
    }
    surrenders ||= machine.get(KIND.t_state, t) === TS.ONPROC && this.mustSurrender(t);
    if (surrenders) {
      const signal = machine.get(KIND.rt_tqsignal, t);
      if (signal !== 0 && machine.get(KIND.rt_timeleft, t) === 0) {
        services.sigtoproc(services.processOf(t), t, signal);
      }
      this.setBackq(t, cause);
      services.cpu_surrender(t);
    }
  }

  /** The program yields. The quantum goes on. */
  rt_yield(t: number): void {
    ASSERT(this.machine.curthread === t, 'rt_yield', 't == curthread');
    this.clearBackq(t, CAUSE.rt_yield);
    this.services.setbackdq(t);
  }

  /** Adds `incr` to the priority. */
  rt_doprio(t: number, cr: Cred | null, incr: number): NiceResult {
    const pri = this.machine.get(KIND.rt_pri, t);
    if (incr === 0) return { error: 0, retval: pri };
    const newpri = pri + incr;
    if (newpri > rt_maxpri || newpri < 0) return { error: EINVAL, retval: undefined };
    const parms = { pri: newpri, tqntm: RT_NOCHANGE, cflags: RT_DOPRI };
    return { error: this.rt_parmsset(t, parms, CID.RT, cr), retval: newpri };
  }

  /** Brings t_pri in line with rt_pri, as ts_change_priority() does for TS. */
  rt_change_priority(t: number, cause: number): void {
    const { machine, services } = this;
    const new_pri = this.rt_globpri(t);
    machine.set(KIND.t_cpri, t, machine.get(KIND.rt_pri, t), cause);
    if (t === machine.curthread || machine.get(KIND.t_state, t) === TS.ONPROC) {
      services.THREAD_CHANGE_PRI(t, new_pri, cause);
      updateDispatchPri(machine, t, cause);
      if (this.mustSurrender(t)) {
        this.setBackq(t, cause);
        services.cpu_surrender(t);
      } else {
        this.renewQuantum(t, cause);
      }
    } else if (services.thread_change_pri(t, new_pri, false)) {
      this.renewQuantum(t, cause);
    } else {
      this.setBackq(t, cause);
    }
  }

  private mustSurrender(t: number): boolean {
    return DISP_MUST_SURRENDER(this.machine, t, this.services.cpupartOf(t));
  }

  private renewQuantum(t: number, cause: number): void {
    this.machine.set(KIND.rt_timeleft, t, this.machine.get(KIND.rt_pquantum, t), cause);
  }

  private setBackq(t: number, cause: number): void {
    this.machine.set(KIND.rt_flags, t, this.machine.get(KIND.rt_flags, t) | RTBACKQ, cause);
  }

  private clearBackq(t: number, cause: number): void {
    this.machine.set(KIND.rt_flags, t, this.machine.get(KIND.rt_flags, t) & ~RTBACKQ, cause);
  }
}
