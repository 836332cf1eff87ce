/**
 * The fixed-priority class (fx.c): a thread runs at the priority that it was given; quanta only decide who
 * runs next among equals. Functions stand in the order of the C.
 *
 * Preemption control is decided in fx_preempt, fx_tick and fx_yield. The priority is never raised, so there
 * is nothing to restore; and a thread whose quantum never ends may ask for ever.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, DECISION, FX_FLAGS, TS, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../../assert-kernel.ts';
import { EINVAL, EPERM } from '../../errno.ts';
import type { Machine } from '../../machine.ts';
import {
  NOCHANGE,
  NZERO,
  SC_MAX_TICKS,
  type ClassOps,
  type ClassParms,
  type ClassServices,
  type Cred,
  type Errno,
  type NiceResult,
} from './class-ops.ts';
import { FX_DPTBL } from './fx-dptbl.ts';
import { fx_maxupri, fx_parmsin, fx_vaparmsin } from './fx-parms.ts';
import { quantumParmsout, TQDEF, TQINF } from './quantum-parms.ts';
import { awaitsMemory, NOT_ELIGIBLE, SHRT_MAX } from './swapper.ts';
import { DISP_MUST_SURRENDER, isOutranked, updateDispatchPri } from './thread.ts';

/** Nice values: FX has no use for those that would ask for less than priority 0. */
const FX_NICE_MIN = 0;
const FX_NICE_MAX = NZERO;

const { FXBACKQ } = FX_FLAGS;

export class FixedPriority {
  private readonly services: ClassServices;
  private readonly machine: Machine;

  constructor(services: ClassServices) {
    this.services = services;
    this.machine = services.machine;
  }

  /** The function table of the class (fx_classfuncs). */
  readonly fx_classfuncs: ClassOps = {
    name: 'FX',
    cid: CID.FX,
    cl_admin: () => EINVAL,
    cl_getclpri: () => [0, fx_maxupri],
    cl_parmsin: (parms) => fx_parmsin(parms, this.services.hz),
    cl_parmsout: (parms) => quantumParmsout(parms, this.services.hz),
    cl_vaparmsin: (vaparms, parms) => fx_vaparmsin(vaparms, parms, this.services.hz),
    // An fxproc_t is on a list for callbacks only, of which there are none: the thread is its handle.
    cl_alloc: () => NONE,
    cl_free: () => undefined,
    t_cldata: () => NONE,
    cl_enterclass: (t, cid, parms, cred) => this.fx_enterclass(t, cid, parms, cred),
    cl_canexit: () => 0,
    cl_exitclass: () => undefined,
    cl_fork: (t, ct) => this.fx_fork(t, ct),
    cl_forkret: (t, ct) => this.fx_forkret(t, ct),
    cl_parmsget: (t) => this.fx_parmsget(t),
    cl_parmsset: (t, parms, _reqpcid, cred) => this.fx_parmsset(t, parms, cred),
    cl_stop: () => undefined,
    cl_exit: () => undefined,
    cl_active: () => undefined,
    cl_inactive: () => undefined,
    // Swapped out it can only have come from another class; RT goes first.
    cl_swapin: (t, swapper) => (awaitsMemory(this.services, swapper, t) ? SHRT_MAX - 1 : NOT_ELIGIBLE),
    cl_swapout: () => NOT_ELIGIBLE,
    cl_trapret: (t) => this.fx_trapret(t),
    cl_preempt: (t) => this.fx_preempt(t),
    cl_setrun: (t) => this.fx_setrun(t, CAUSE.fx_setrun),
    cl_sleep: (t) => this.fx_sleep(t),
    cl_tick: (t) => this.fx_tick(t),
    cl_wakeup: (t) => this.fx_wakeup(t),
    cl_donice: (t, cred, incr) => this.fx_donice(t, cred, incr),
    cl_doprio: (t, cred, incr) => this.fx_doprio(t, cred, incr),
    cl_globpri: (t) => this.fx_globpri(t),
    cl_set_process_group: () => undefined,
    cl_yield: (t) => this.fx_yield(t),
  };

  /** Enters the class. A priority above 0, a limit above 0 and a quantum of one's own take privilege. */
  fx_enterclass(t: number, cid: number, parms: ClassParms | null, reqpcredp: Cred | null): Errno {
    const { machine } = this;
    const cause = CAUSE.fx_enterclass;
    const privileged = reqpcredp === null || reqpcredp.setpriority;
    let uprilim = 0;
    let upri = 0;
    let quantum = TQDEF;
    if (parms !== null) {
      const requestedLimit = parms.uprilim!;
      if (requestedLimit !== NOCHANGE) {
        if (requestedLimit > 0 && !privileged) return EPERM;
        uprilim = requestedLimit;
      }
      const requested = parms.upri!;
      if (requested === NOCHANGE) {
        upri = uprilim;
      } else {
        if (requested > 0 && !privileged) return EPERM;
        upri = Math.min(requested, uprilim);
      }
      // The level's own quantum is nobody's privilege here, unlike in fx_parmsset().
      if (parms.tqntm !== NOCHANGE && parms.tqntm !== TQDEF) {
        if (!privileged) return EPERM;
        quantum = parms.tqntm!;
      }
    }

    machine.set(KIND.fx_uprilim, t, uprilim, cause);
    machine.set(KIND.fx_pri, t, upri, cause);
    machine.set(KIND.fx_nice, t, niceOf(upri), cause);
    this.setQuantum(t, quantum, cause);
    this.renewQuantum(t, cause);
    machine.set(KIND.fx_flags, t, 0, cause);
    machine.set(KIND.t_cid, t, cid, cause);
    this.services.setRunqMatch(t, false);
    this.fx_change_priority(t, cause);
    return 0;
  }

  /** A child has its parent's priority and quantum, a full quantum, and no FXBACKQ. */
  fx_fork(t: number, ct: number): Errno {
    const { machine } = this;
    const cause = CAUSE.fx_fork;
    const { services } = this;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'fx_fork', 'MUTEX_HELD(&ttoproc(t)->p_lock)');
    machine.set(KIND.fx_pquantum, ct, machine.get(KIND.fx_pquantum, t), cause);
    this.renewQuantum(ct, cause);
    machine.set(KIND.fx_pri, ct, machine.get(KIND.fx_pri, t), cause);
    machine.set(KIND.fx_uprilim, ct, machine.get(KIND.fx_uprilim, t), cause);
    machine.set(KIND.fx_nice, ct, machine.get(KIND.fx_nice, t), cause);
    machine.set(KIND.fx_flags, ct, machine.get(KIND.fx_flags, t) & ~FXBACKQ, cause);
    return 0;
  }

  /** Child before parent; the parent's t_pri is stored directly, as in ts_forkret(), and its quantum goes on. */
  fx_forkret(t: number, ct: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fx_forkret;
    ASSERT(machine.curthread === t, 'fx_forkret', 't == curthread');
    ASSERT(services.pidlockHeld(), 'fx_forkret', 'MUTEX_HELD(&pidlock)');
    services.continuelwps(services.processOf(ct));
    services.continuelwps(services.processOf(t));
    machine.set(KIND.t_pri, t, this.userPri(t), cause);
    this.fx_setrun(t, cause);
    services.swtch();
  }

  /** What priocntl shows; `tqntm` is the quantum in ticks or TQINF. */
  fx_parmsget(t: number): ClassParms {
    const { machine } = this;
    return {
      uprilim: machine.get(KIND.fx_uprilim, t),
      upri: machine.get(KIND.fx_pri, t),
      tqntm: machine.get(KIND.fx_pquantum, t),
    };
  }

  /** Sets limit, priority and quantum. Raising the limit and setting a quantum take privilege. */
  fx_parmsset(tx: number, parms: ClassParms, reqpcredp: Cred | null): Errno {
    const { machine, services } = this;
    const cause = CAUSE.fx_parmsset;
    ASSERT(services.p_lockHeld(services.processOf(tx)), 'fx_parmsset', 'MUTEX_HELD(&(ttoproc(tx))->p_lock)');
    const uprilim = machine.get(KIND.fx_uprilim, tx);
    const reqfxuprilim = parms.uprilim === NOCHANGE ? uprilim : parms.uprilim!;
    const raises = reqfxuprilim > uprilim || parms.tqntm !== NOCHANGE;
    if (reqpcredp !== null && raises && !reqpcredp.setpriority) return EPERM;
    const requested = parms.upri === NOCHANGE ? machine.get(KIND.fx_pri, tx) : parms.upri!;
    const reqfxupri = Math.min(requested, reqfxuprilim);

    machine.set(KIND.fx_uprilim, tx, reqfxuprilim, cause);
    machine.set(KIND.fx_pri, tx, reqfxupri, cause);
    this.setQuantum(tx, parms.tqntm!, cause);
    machine.set(KIND.fx_nice, tx, Math.min(niceOf(reqfxupri), FX_NICE_MAX), cause);
    this.fx_change_priority(tx, cause);
    return 0;
  }

  /** The global priority that `t` has in user mode. */
  fx_globpri(t: number): number {
    const { services } = this;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'fx_globpri', 'MUTEX_HELD(&ttoproc(t)->p_lock)');
    return this.userPri(t);
  }

  /** fx_dptbl[fx_pri].fx_globpri, as the other functions read it. */
  private userPri(t: number): number {
    return FX_DPTBL[this.machine.get(KIND.fx_pri, t)]!.globpri;
  }

  /**
   * `t` loses its CPU. sc_nopreempt puts it at the front of its queue while it is less than SC_MAX_TICKS past
   * its quantum (always where the quantum is infinite); else the request is taken back.
   */
  fx_preempt(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fx_preempt;
    ASSERT(machine.curthread === t, 'fx_preempt', 't == curthread');

    if (services.schedctl_get_nopreempt(t) !== 0) {
      const timeleft = machine.get(KIND.fx_timeleft, t);
      if (machine.get(KIND.fx_pquantum, t) === TQINF || timeleft > -SC_MAX_TICKS) {
        services.probe('schedctl-nopreempt', t);
        machine.decide(t, DECISION.deferredAtPreempt, cause, timeleft, WITHOUT_NOPREEMPT.preempted);
        services.schedctl_set_yield(t, 1);
        services.setfrontdq(t);
        return;
      }
      services.schedctl_set_nopreempt(t, 0);
      services.probe('schedctl-preempt', t);
      machine.decide(t, DECISION.forced, cause, timeleft, WITHOUT_NOPREEMPT.same);
    }

    if ((machine.get(KIND.fx_flags, t) & FXBACKQ) !== 0) {
      this.renewQuantum(t, cause);
      this.clearBackq(t, cause);
      services.setbackdq(t);
    } else {
      services.setfrontdq(t);
    }
  }

  /** `t` becomes runnable: at the front only where it ran this very tick. */
  fx_setrun(t: number, cause: number): void {
    const { machine, services } = this;
    this.clearBackq(t, cause);
    if (machine.get(KIND.t_disp_time, t) === services.lbolt()) services.setfrontdq(t);
    else services.setbackdq(t);
  }

  /** `t` is about to sleep: nothing changes but the time stamp. */
  fx_sleep(t: number): void {
    ASSERT(this.machine.curthread === t, 'fx_sleep', 't == curthread');
    this.machine.set(KIND.t_stime, t, this.services.lbolt(), CAUSE.fx_sleep);
  }

  /** A clock tick found `t` on a CPU. At the end of its quantum it surrenders, unless sc_nopreempt defers that. */
  fx_tick(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fx_tick;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'fx_tick', 'MUTEX_HELD(&(ttoproc(t))->p_lock)');

    let call_cpu_surrender = false;
    if (machine.get(KIND.fx_pquantum, t) !== TQINF && this.useTick(t) <= 0) {
      const timeleft = machine.get(KIND.fx_timeleft, t);
      if (services.schedctl_get_nopreempt(t) !== 0 && timeleft > -SC_MAX_TICKS) {
        services.probe('schedctl-nopreempt', t);
        machine.decide(t, DECISION.deferredAtTick, cause, timeleft, WITHOUT_NOPREEMPT.expired);
        services.schedctl_set_yield(t, 1);
        return;
      }
      if (services.thread_change_pri(t, this.userPri(t), false)) this.renewQuantum(t, cause);
      else call_cpu_surrender = true;
    } else if (isOutranked(machine, t)) {
      call_cpu_surrender = true;
    }

    if (call_cpu_surrender) {
      this.setBackq(t, cause);
      services.cpu_surrender(t);
    }
  }

  /** `t` returns to user mode: nothing to do, the priority is fixed. */
  fx_trapret(t: number): void {
    const { machine } = this;
    const cpu = machine.get(KIND.t_cpu, t);
    ASSERT(machine.curthread === t, 'fx_trapret', 't == curthread');
    ASSERT(machine.get(KIND.cpu_dispthread, cpu) === t, 'fx_trapret', 'cp->cpu_dispthread == t');
    ASSERT(machine.get(KIND.t_state, t) === TS.ONPROC, 'fx_trapret', 't->t_state == TS_ONPROC');
  }

  /** `t` wakes up and is put on a run queue. */
  fx_wakeup(t: number): void {
    this.machine.set(KIND.t_stime, t, this.services.lbolt(), CAUSE.fx_wakeup);
    this.fx_setrun(t, CAUSE.fx_wakeup);
  }

  /** The program yields; a quantum that was overdrawn (or is infinite) starts anew. */
  fx_yield(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fx_yield;
    ASSERT(machine.curthread === t, 'fx_yield', 't == curthread');
    services.schedctl_set_yield(t, 0);
    const timeleft = machine.get(KIND.fx_timeleft, t);
    if (timeleft <= 0) {
      services.probe('schedctl-yield', -timeleft);
      machine.decide(t, DECISION.yielded, cause, timeleft, WITHOUT_NOPREEMPT.same);
      this.renewQuantum(t, cause);
      services.THREAD_CHANGE_PRI(t, this.userPri(t), cause);
    }
    this.clearBackq(t, cause);
    services.setbackdq(t);
  }

  /** nice(2): cut to 0..20; limit and priority follow, and the quantum becomes that of the new level. */
  fx_donice(t: number, cr: Cred | null, incr: number): NiceResult {
    const { machine } = this;
    const nice = machine.get(KIND.fx_nice, t);
    if (incr === 0) return { error: 0, retval: nice - NZERO };
    if ((incr < 0 || incr > 2 * NZERO) && cr !== null && !cr.setpriority) {
      return { error: EPERM, retval: undefined };
    }
    const newnice = Math.max(FX_NICE_MIN, Math.min(nice + incr, FX_NICE_MAX));
    const upri = -Math.trunc(((newnice - NZERO) * fx_maxupri) / NZERO);
    this.fx_parmsset(t, { uprilim: upri, upri, tqntm: TQDEF }, null);
    machine.set(KIND.fx_nice, t, newnice, CAUSE.fx_donice);
    return { error: 0, retval: newnice - NZERO };
  }

  /** Adds `incr` to the priority and makes the result the limit as well; the quantum stays. */
  fx_doprio(t: number, cr: Cred | null, incr: number): NiceResult {
    const pri = this.machine.get(KIND.fx_pri, t);
    if (incr === 0) return { error: 0, retval: pri };
    const newpri = pri + incr;
    if (newpri > fx_maxupri || newpri < 0) return { error: EINVAL, retval: undefined };
    const error = this.fx_parmsset(t, { uprilim: newpri, upri: newpri, tqntm: NOCHANGE }, cr);
    return { error, retval: newpri };
  }

  /** Brings t_pri in line with fx_pri, as ts_change_priority() does for TS. */
  fx_change_priority(t: number, cause: number): void {
    const { machine, services } = this;
    const new_pri = this.userPri(t);
    machine.set(KIND.t_cpri, t, machine.get(KIND.fx_pri, t), cause);
    if (t === machine.curthread || machine.get(KIND.t_state, t) === TS.ONPROC) {
      services.THREAD_CHANGE_PRI(t, new_pri, cause);
      updateDispatchPri(machine, t, cause);
      if (DISP_MUST_SURRENDER(machine, t, services.cpupartOf(t))) {
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

  /** Counts one tick of the quantum and returns what is left. */
  private useTick(t: number): number {
    const timeleft = this.machine.get(KIND.fx_timeleft, t) - 1;
    this.machine.set(KIND.fx_timeleft, t, timeleft, CAUSE.fx_tick);
    return timeleft;
  }

  private renewQuantum(t: number, cause: number): void {
    this.machine.set(KIND.fx_timeleft, t, this.machine.get(KIND.fx_pquantum, t), cause);
  }

  /** Stores a quantum: ticks or TQINF as they are, TQDEF by the priority's level, NOCHANGE not at all. */
  private setQuantum(t: number, tqntm: number, cause: number): void {
    if (tqntm === NOCHANGE) return;
    const ticks = tqntm === TQDEF ? FX_DPTBL[this.machine.get(KIND.fx_pri, t)]!.quantum : tqntm;
    this.machine.set(KIND.fx_pquantum, t, ticks, cause);
  }

  private setBackq(t: number, cause: number): void {
    this.machine.set(KIND.fx_flags, t, this.machine.get(KIND.fx_flags, t) | FXBACKQ, cause);
  }

  private clearBackq(t: number, cause: number): void {
    this.machine.set(KIND.fx_flags, t, this.machine.get(KIND.fx_flags, t) & ~FXBACKQ, cause);
  }
}

/** Nice value that goes with a user priority: 20 for 0, 0 for 60. */
function niceOf(upri: number): number {
  return NZERO - Math.trunc((NZERO * upri) / fx_maxupri);
}
