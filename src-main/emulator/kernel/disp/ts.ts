/**
 * The time-sharing class (ts.c), which the interactive class builds on (ia.ts).
 *
 * A thread's user-mode priority has a component that the system controls (ts_cpupri: it falls when a
 * quantum is used up and rises after sleeping or waiting long, by the dispatch table), one that the user
 * controls (ts_upri, by nice and priocntl) and, in IA, a boost. Functions stand in the order of the C.
 *
 * Preemption control (sc_nopreempt) is decided in ts_preempt, ts_tick, ts_yield and ts_update_list; each
 * decision is recorded where its probe fires.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, DECISION, TS, TS_FLAGS, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../../assert-kernel.ts';
import { EINVAL, EPERM } from '../../errno.ts';
import { withRoom } from '../../growable.ts';
import type { Machine } from '../../machine.ts';
import { ClassLists, TS_LIST_COLUMNS } from './class-list.ts';
import {
  NOCHANGE,
  NZERO,
  SC_MAX_TICKS,
  type ClassOps,
  type ClassParms,
  type ClassServices,
  type ClassTimeout,
  type Cred,
  type Errno,
  type NiceResult,
} from './class-ops.ts';
import { swapIn, swapOut, type SwapView } from './swapper.ts';
import type { Swapper } from './swapper-state.ts';
import { DISP_MUST_SURRENDER, isOutranked, updateDispatchPri } from './thread.ts';
import { TS_DPTBL_DEFAULT, TS_LEVELS, tsDptblProblem, type TsDpent, type TsDptbl } from './ts-dptbl.ts';
import { maxupri as ts_maxupri, upriParmsin, upriVaparmsin } from './upri-parms.ts';

/** Highest user-mode priority (ts_maxumdpri). */
export const ts_maxumdpri = TS_LEVELS - 1;
/** Where threads enter the class (ts_mediumumdpri). */
const ts_mediumumdpri = ts_maxumdpri >> 1;
/** What the interactive mode adds to, or its absence takes from, a user-mode priority (IA_BOOST). */
export const ia_boost = 10;

const { TSBACKQ, TSIA, TSIASET, TSRESTORE } = TS_FLAGS;

export class TimeSharing {
  private readonly services: ClassServices;
  private readonly machine: Machine;
  private ts_dptbl: TsDpent[];
  private readonly ts_plist: ClassLists;
  /** A thread has entered the class: ts_update() is running. */
  private tspexists = false;
  private readonly updateTimeout: ClassTimeout = { name: 'ts_update', run: () => this.ts_update() };
  private readonly updateList = (list: number): boolean => this.ts_update_list(list);
  /** t_cldata of the threads that are in the class. */
  private cldata: Int32Array = new Int32Array(0);

  /** @param dptbl the dispatch table at the start; it must be valid (see ts-dptbl.ts) */
  constructor(services: ClassServices, dptbl: TsDptbl = TS_DPTBL_DEFAULT) {
    ASSERT(dptbl.length === TS_LEVELS, 'ts_init', 'ts_dptbl has 60 levels');
    this.services = services;
    this.machine = services.machine;
    this.ts_plist = new ClassLists(services.machine, TS_LIST_COLUMNS);
    this.ts_dptbl = [...dptbl];
  }

  /** The function table of the class (ts_classfuncs). */
  readonly ts_classfuncs: ClassOps = {
    name: 'TS',
    cid: CID.TS,
    cl_admin: (request, cred) =>
      request.cmd === 'TS_SETDPTBL' ? this.ts_setdptbl(request.dptbl, cred) : EINVAL,
    cl_getclpri: () => [-ts_maxupri, ts_maxupri],
    cl_parmsin: upriParmsin,
    cl_parmsout: () => 0,
    cl_vaparmsin: upriVaparmsin,
    cl_alloc: () => this.ts_alloc(),
    cl_free: (cldata) => this.ts_free(cldata),
    t_cldata: (t) => this.t_cldata(t),
    cl_enterclass: (t, cid, parms, cred, cldata) => this.ts_enterclass(t, cid, parms, cred, cldata),
    cl_canexit: () => 0,
    cl_exitclass: (cldata) => this.ts_exitclass(cldata),
    cl_fork: (t, ct) => this.ts_fork(t, ct),
    cl_forkret: (t, ct) => this.ts_forkret(t, ct),
    cl_parmsget: (t) => this.ts_parmsget(t),
    cl_parmsset: (t, parms, _reqpcid, cred) => this.ts_parmsset(t, parms, cred),
    cl_stop: () => undefined,
    cl_exit: () => undefined,
    cl_active: () => undefined,
    cl_inactive: () => undefined,
    cl_swapin: (t, swapper) => this.ts_swapin(t, swapper),
    cl_swapout: (t, swapper, soft) => this.ts_swapout(t, swapper, soft),
    cl_trapret: (t) => this.ts_trapret(t),
    cl_preempt: (t) => this.ts_preempt(t),
    cl_setrun: (t) => this.ts_setrun(t, CAUSE.ts_setrun),
    cl_sleep: (t) => this.ts_sleep(t),
    cl_tick: (t) => this.ts_tick(t),
    cl_wakeup: (t) => this.ts_wakeup(t),
    cl_donice: (t, cred, incr) => this.ts_donice(t, cred, incr),
    cl_doprio: (t, cred, incr) => this.ts_doprio(t, cred, incr),
    cl_globpri: (t) => this.ts_globpri(t),
    cl_set_process_group: () => undefined,
    cl_yield: (t) => this.ts_yield(t),
  };

  /** t_cldata: handle of the structure that `t` entered with. */
  t_cldata(t: number): number {
    return t < this.cldata.length ? this.cldata[t]! : NONE;
  }

  /** CL_ALLOC. */
  ts_alloc(): number {
    return this.ts_plist.alloc();
  }

  /** CL_FREE. */
  ts_free(cldata: number): void {
    this.ts_plist.free(cldata);
  }

  /** The dispatch table in force (TS_GETDPTBL). */
  ts_getdptbl(): TsDptbl {
    return this.ts_dptbl;
  }

  /**
   * Replaces the dispatch table (CL_ADMIN with TS_SETDPTBL): as many rows as there are levels, all of them
   * valid. Global priorities stay as they are. EPERM without privilege, EINVAL for a bad table.
   */
  ts_setdptbl(rows: TsDptbl, cred: Cred | null): Errno {
    if (cred !== null && !cred.setpriority) return EPERM;
    if (rows.length !== TS_LEVELS || tsDptblProblem(rows) !== null) return EINVAL;
    this.ts_dptbl = rows.map((row, level) => ({ ...row, globpri: this.ts_dptbl[level]!.globpri }));
    return 0;
  }

  /** Enters TS or IA (`cid`). In IA the mode is always on at first, whatever the parameters say (ia.ts sets it). */
  ts_enterclass(
    t: number,
    cid: number,
    tsparmsp: ClassParms | null,
    reqpcredp: Cred | null,
    cldata: number,
  ): Errno {
    const { machine, services } = this;
    const cause = CAUSE.ts_enterclass;
    let flags = 0;
    let boost = 0;
    if (cid === CID.IA) {
      // The window system may put threads into IA; others need the privilege.
      if (reqpcredp !== null && !reqpcredp.iaGroup && !reqpcredp.setpriority) return EPERM;
      flags = TSIA | TSIASET;
      boost = ia_boost;
    }

    let uprilim = 0;
    let upri = 0;
    let nice = NZERO;
    if (tsparmsp !== null) {
      const requestedLimit = tsparmsp.uprilim!;
      if (requestedLimit !== NOCHANGE) {
        if (requestedLimit > 0 && !mayRaise(reqpcredp)) return EPERM;
        uprilim = requestedLimit;
      }
      const requested = tsparmsp.upri!;
      if (requested === NOCHANGE) {
        upri = uprilim;
      } else {
        if (requested > 0 && !mayRaise(reqpcredp)) return EPERM;
        upri = Math.min(requested, uprilim);
      }
      nice = NZERO - Math.trunc((NZERO * upri) / ts_maxupri);
    }

    machine.set(KIND.ts_cpupri, t, ts_mediumumdpri, cause);
    machine.set(KIND.ts_flags, t, flags, cause);
    machine.set(KIND.ts_boost, t, boost, cause);
    machine.set(KIND.ts_uprilim, t, uprilim, cause);
    machine.set(KIND.ts_upri, t, upri, cause);
    machine.set(KIND.ts_nice, t, nice, cause);
    this.TS_NEWUMDPRI(t, cause);
    machine.set(KIND.ts_dispwait, t, 0, cause);
    this.renewQuantum(t, cause);

    // The thread goes to a user-mode priority here, whether or not it has slept since it entered the kernel.
    machine.set(KIND.t_cid, t, cid, cause);
    this.cldata = withRoom(this.cldata, t, NONE);
    this.cldata[t] = cldata;
    services.setRunqMatch(t, false);
    this.ts_change_priority(t, cause);

    this.ts_plist.insert(cldata, t, services.listHash(t), cause);
    if (!this.tspexists) {
      this.tspexists = true;
      services.timeout(this.updateTimeout, services.hz);
    }
    return 0;
  }

  /** Frees a structure that its thread has left. */
  ts_exitclass(cldata: number): void {
    this.ts_plist.remove(cldata, CAUSE.ts_exitclass);
    this.ts_plist.free(cldata);
  }

  /** A child starts with its parent's priorities, a full quantum, and neither TSBACKQ nor TSRESTORE. */
  ts_fork(t: number, ct: number): Errno {
    const { machine } = this;
    const cause = CAUSE.ts_fork;
    this.assertLocked(t, 'ts_fork');
    const cldata = this.ts_plist.alloc();
    machine.set(KIND.ts_cpupri, ct, machine.get(KIND.ts_cpupri, t), cause);
    this.renewQuantum(ct, cause);
    machine.set(KIND.ts_boost, ct, machine.get(KIND.ts_boost, t), cause);
    machine.set(KIND.ts_uprilim, ct, machine.get(KIND.ts_uprilim, t), cause);
    machine.set(KIND.ts_upri, ct, machine.get(KIND.ts_upri, t), cause);
    this.TS_NEWUMDPRI(ct, cause);
    machine.set(KIND.ts_nice, ct, machine.get(KIND.ts_nice, t), cause);
    machine.set(KIND.ts_dispwait, ct, 0, cause);
    machine.set(KIND.ts_flags, ct, machine.get(KIND.ts_flags, t) & ~(TSBACKQ | TSRESTORE), cause);
    this.cldata = withRoom(this.cldata, ct, NONE);
    this.cldata[ct] = cldata;
    this.ts_plist.insert(cldata, ct, this.services.listHash(ct), cause);
    return 0;
  }

  /**
   * Child before parent: the child is set running, then the parent gives up its CPU at the priority that the
   * end of a quantum would bring. t_pri is stored directly: no probe, and the shared page follows only when
   * fork calls schedctl_set_cidpri() afterwards. TSRESTORE stays.
   */
  ts_forkret(t: number, ct: number): void {
    const { machine, services } = this;
    const cause = CAUSE.ts_forkret;
    ASSERT(machine.curthread === t, 'ts_forkret', 't == curthread');
    ASSERT(services.pidlockHeld(), 'ts_forkret', 'MUTEX_HELD(&pidlock)');
    services.continuelwps(services.processOf(ct));
    services.continuelwps(services.processOf(t));

    machine.set(KIND.ts_cpupri, t, this.row(t).tqexp, cause);
    this.TS_NEWUMDPRI(t, cause);
    this.renewQuantum(t, cause);
    machine.set(KIND.ts_dispwait, t, 0, cause);
    machine.set(KIND.t_pri, t, this.userPri(t), cause);
    this.ts_setrun(t, cause);
    services.swtch();
  }

  /** What priocntl shows. */
  ts_parmsget(t: number): ClassParms {
    return { uprilim: this.machine.get(KIND.ts_uprilim, t), upri: this.machine.get(KIND.ts_upri, t) };
  }

  /** Sets limit and user priority; nice follows. Raising the limit takes privilege. */
  ts_parmsset(tx: number, tsparmsp: ClassParms, reqpcredp: Cred | null): Errno {
    const { machine, services } = this;
    const cause = CAUSE.ts_parmsset;
    ASSERT(services.p_lockHeld(services.processOf(tx)), 'ts_parmsset', 'MUTEX_HELD(&(ttoproc(tx))->p_lock)');
    const uprilim = machine.get(KIND.ts_uprilim, tx);
    const reqtsuprilim = tsparmsp.uprilim === NOCHANGE ? uprilim : tsparmsp.uprilim!;
    const requested = tsparmsp.upri === NOCHANGE ? machine.get(KIND.ts_upri, tx) : tsparmsp.upri!;
    const reqtsupri = Math.min(requested, reqtsuprilim);
    if (reqpcredp !== null && reqtsuprilim > uprilim && !mayRaise(reqpcredp)) return EPERM;

    const nice = Math.min(NZERO - Math.trunc((NZERO * reqtsupri) / ts_maxupri), 2 * NZERO - 1);
    machine.set(KIND.ts_uprilim, tx, reqtsuprilim, cause);
    machine.set(KIND.ts_upri, tx, reqtsupri, cause);
    this.TS_NEWUMDPRI(tx, cause);
    machine.set(KIND.ts_nice, tx, nice, cause);
    machine.set(KIND.ts_dispwait, tx, 0, cause);
    this.ts_change_priority(tx, cause);
    return 0;
  }

  /**
   * The global priority that the user priority of `t` gives a thread in the middle of the class: what it has
   * used or waited lately, and the boost, do not count.
   */
  ts_globpri(t: number): number {
    const { services } = this;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'ts_globpri', 'MUTEX_HELD(&ttoproc(t)->p_lock)');
    const level = ts_mediumumdpri + this.machine.get(KIND.ts_upri, t);
    return this.ts_dptbl[clampLevel(level)]!.globpri;
  }

  /**
   * `t` loses its CPU. With sc_nopreempt set, and less than SC_MAX_TICKS past its quantum, it goes to the
   * front of the queue of the highest user-mode priority, so that it is picked again unless something of
   * another class is better; beyond that the request is taken back and it is preempted like any other.
   */
  ts_preempt(t: number): void {
    const { machine, services } = this;
    const { swapper } = services;
    const cause = CAUSE.ts_preempt;
    ASSERT(machine.curthread === t, 'ts_preempt', 't == curthread');

    if (swapper !== null) {
      ASSERT(swapper.isDontSwap(t), 'ts_preempt', 't->t_schedflag & TS_DONT_SWAP');
      if (swapper.isInUserMode(t)) swapper.setDontSwap(t, false);
    }

    if (services.schedctl_get_nopreempt(t) !== 0) {
      const timeleft = machine.get(KIND.ts_timeleft, t);
      if (timeleft > -SC_MAX_TICKS) {
        services.probe('schedctl-nopreempt', t);
        machine.decide(t, DECISION.deferredAtPreempt, cause, timeleft, WITHOUT_NOPREEMPT.preempted);
        // Remembered once: a second preemption finds the raised priority.
        if (!this.has(t, TSRESTORE)) {
          machine.set(KIND.ts_scpri, t, machine.get(KIND.t_pri, t), cause);
          this.setFlags(t, TSRESTORE, cause);
        }
        services.THREAD_CHANGE_PRI(t, ts_maxumdpri, cause);
        swapper?.setDontSwap(t, true);
        services.schedctl_set_yield(t, 1);
        services.setfrontdq(t);
        return;
      }
      if (this.has(t, TSRESTORE)) {
        services.THREAD_CHANGE_PRI(t, machine.get(KIND.ts_scpri, t), cause);
        this.clearFlags(t, TSRESTORE, cause);
      }
      services.schedctl_set_nopreempt(t, 0);
      services.probe('schedctl-preempt', t);
      machine.decide(t, DECISION.forced, cause, timeleft, WITHOUT_NOPREEMPT.same);
    }

    if (this.has(t, TSBACKQ)) {
      this.renewQuantum(t, cause);
      machine.set(KIND.ts_dispwait, t, 0, cause);
      this.clearFlags(t, TSBACKQ, cause);
      services.setbackdq(t);
    } else {
      services.setfrontdq(t);
    }
  }

  /** `t` becomes runnable without having slept. */
  ts_setrun(t: number, cause: number): void {
    if (this.hasWaitedLong(t)) {
      this.promote(t, this.row(t).slpret, cause);
      this.services.THREAD_CHANGE_PRI(t, this.userPri(t), cause);
    }
    this.clearFlags(t, TSBACKQ, cause);
    this.queueRunnable(t);
  }

  /** `t` is about to sleep; a promotion due now counts at once. */
  ts_sleep(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.ts_sleep;
    ASSERT(machine.curthread === t, 'ts_sleep', 't == curthread');
    if (this.hasWaitedLong(t)) {
      this.promote(t, this.row(t).slpret, cause);
      services.THREAD_CHANGE_PRI(t, this.userPri(t), cause);
      if (this.mustSurrender(t)) services.cpu_surrender(t);
    }
    machine.set(KIND.t_stime, t, services.lbolt(), cause);
  }

  /** How much `t` deserves to be swapped in: long away, a good priority and a small address space count. */
  ts_swapin(t: number, swapper: Swapper): number {
    return swapIn(this.services, swapper, t, this.swapView(t));
  }

  /** How much it deserves to be swapped out. Nothing in the foreground of the screen does. */
  ts_swapout(t: number, swapper: Swapper, soft: boolean): number {
    return swapOut(this.services, swapper, t, soft, this.swapView(t));
  }

  /**
   * A clock tick found `t` on a CPU. When its quantum is used up it falls to the level that the table says
   * and is asked to surrender, unless sc_nopreempt defers that for up to SC_MAX_TICKS. The quantum is renewed
   * only when it is preempted, so until then every further tick is another expiry.
   */
  ts_tick(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.ts_tick;
    this.assertLocked(t, 'ts_tick');

    let call_cpu_surrender = false;
    const timeleft = machine.get(KIND.ts_timeleft, t) - 1;
    machine.set(KIND.ts_timeleft, t, timeleft, cause);
    if (timeleft <= 0) {
      if (services.schedctl_get_nopreempt(t) !== 0) {
        if (timeleft > -SC_MAX_TICKS) {
          services.probe('schedctl-nopreempt', t);
          machine.decide(t, DECISION.deferredAtTick, cause, timeleft, WITHOUT_NOPREEMPT.expired);
          services.schedctl_set_yield(t, 1);
          return;
        }
        services.probe('schedctl-failsafe', t);
        machine.decide(t, DECISION.failsafe, cause, timeleft, WITHOUT_NOPREEMPT.same);
      }
      this.clearFlags(t, TSRESTORE, cause);
      machine.set(KIND.ts_cpupri, t, this.row(t).tqexp, cause);
      this.TS_NEWUMDPRI(t, cause);
      machine.set(KIND.ts_dispwait, t, 0, cause);
      if (services.thread_change_pri(t, this.userPri(t), false)) {
        const { swapper } = services;
        if (swapper?.isLoaded(t) === true && swapper.isInUserMode(t)) swapper.setDontSwap(t, false);
        this.renewQuantum(t, cause);
      } else {
        call_cpu_surrender = true;
      }
    } else if (isOutranked(machine, t)) {
      call_cpu_surrender = true;
    }

    if (call_cpu_surrender) {
      this.setFlags(t, TSBACKQ, cause);
      services.cpu_surrender(t);
    }
  }

  /** `t` returns to user mode with t_trapret set: a promotion that ts_update() could not give it comes now. */
  ts_trapret(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.ts_trapret;
    const cpu = machine.get(KIND.t_cpu, t);
    ASSERT(machine.curthread === t, 'ts_trapret', 't == curthread');
    ASSERT(machine.get(KIND.cpu_dispthread, cpu) === t, 'ts_trapret', 'cp->cpu_dispthread == t');
    ASSERT(machine.get(KIND.t_state, t) === TS.ONPROC, 'ts_trapret', 't->t_state == TS_ONPROC');
    if (this.hasWaitedLong(t)) {
      this.promote(t, this.row(t).slpret, cause);
      services.THREAD_CHANGE_PRI(t, this.userPri(t), cause);
      updateDispatchPri(machine, t, cause);
      if (this.mustSurrender(t)) services.cpu_surrender(t);
    }
    const { swapper } = services;
    if (swapper?.isSwapEnqueued(t) === true && !this.has(t, TSIASET)) swapper.swapout_lwp(t);
  }

  /** Once a second: ages the quantum of every thread and promotes those that have waited long. */
  ts_update(): void {
    this.ts_plist.updateAll(this.updateList, CAUSE.ts_update);
    this.services.timeout(this.updateTimeout, this.services.hz);
  }

  /** One list of ts_update(). Returns whether a thread got a new priority from the table, changed or not. */
  private ts_update_list(list: number): boolean {
    const { machine, services } = this;
    const cause = CAUSE.ts_update;
    let updated = false;
    for (let at = this.ts_plist.first(list); at !== NONE; at = this.ts_plist.next(at)) {
      const tx = this.ts_plist.threadOf(at);
      const cid = machine.get(KIND.t_cid, tx);
      if (cid !== CID.TS && cid !== CID.IA) continue;
      machine.set(KIND.ts_dispwait, tx, machine.get(KIND.ts_dispwait, tx) + 1, cause);
      if (!this.hasWaitedLong(tx)) continue;
      if (services.schedctl_get_nopreempt(tx) !== 0) {
        const timeleft = machine.get(KIND.ts_timeleft, tx);
        machine.decide(tx, DECISION.updateSkipped, cause, timeleft, WITHOUT_NOPREEMPT.promoted);
        continue;
      }
      const state = machine.get(KIND.t_state, tx);
      if (state !== TS.RUN && state !== TS.WAIT && state !== TS.SLEEP) {
        // Running or stopped: it is promoted on its way back to user mode.
        machine.set(KIND.t_trapret, tx, 1, cause);
        machine.set(KIND.t_astflag, tx, 1, cause);
        continue;
      }
      updated = true;
      machine.set(KIND.ts_cpupri, tx, this.row(tx).lwait, cause);
      this.TS_NEWUMDPRI(tx, cause);
      machine.set(KIND.ts_dispwait, tx, 0, cause);
      if (this.userPri(tx) !== machine.get(KIND.t_pri, tx)) this.ts_change_priority(tx, cause);
    }
    return updated;
  }

  /** `t` wakes up and is put on a run queue. */
  ts_wakeup(t: number): void {
    const cause = CAUSE.ts_wakeup;
    this.machine.set(KIND.t_stime, t, this.services.lbolt(), cause);
    this.ts_setrun(t, cause);
  }

  /**
   * The program yields: the answer that sc_yield asked for. A remembered priority comes back, and a quantum
   * that was overdrawn ends now.
   */
  ts_yield(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.ts_yield;
    ASSERT(machine.curthread === t, 'ts_yield', 't == curthread');
    services.schedctl_set_yield(t, 0);
    if (this.has(t, TSRESTORE)) {
      services.THREAD_CHANGE_PRI(t, machine.get(KIND.ts_scpri, t), cause);
      this.clearFlags(t, TSRESTORE, cause);
    }
    const timeleft = machine.get(KIND.ts_timeleft, t);
    if (timeleft <= 0) {
      services.probe('schedctl-yield', -timeleft);
      machine.decide(t, DECISION.yielded, cause, timeleft, WITHOUT_NOPREEMPT.same);
      machine.set(KIND.ts_cpupri, t, this.row(t).tqexp, cause);
      this.TS_NEWUMDPRI(t, cause);
      this.renewQuantum(t, cause);
      machine.set(KIND.ts_dispwait, t, 0, cause);
      services.THREAD_CHANGE_PRI(t, this.userPri(t), cause);
    }
    this.clearFlags(t, TSBACKQ, cause);
    services.setbackdq(t);
  }

  /** nice(2): `incr` is added to the nice value, which is cut to 0..39; the user priority follows. */
  ts_donice(t: number, cr: Cred | null, incr: number): NiceResult {
    const { machine } = this;
    const nice = machine.get(KIND.ts_nice, t);
    if (incr === 0) return { error: 0, retval: nice - NZERO };
    if ((incr < 0 || incr > 2 * NZERO) && !mayRaise(cr)) return { error: EPERM, retval: undefined };
    const newnice = Math.max(0, Math.min(nice + incr, 2 * NZERO - 1));
    const upri = -Math.trunc(((newnice - NZERO) * ts_maxupri) / NZERO);
    this.ts_parmsset(t, { uprilim: upri, upri }, null);
    // ts_parmsset() derives nice from the priority, and the way there and back truncates.
    machine.set(KIND.ts_nice, t, newnice, CAUSE.ts_donice);
    return { error: 0, retval: newnice - NZERO };
  }

  /** Adds `incr` to the user priority and makes the result the limit as well. */
  ts_doprio(t: number, cr: Cred | null, incr: number): NiceResult {
    const upri = this.machine.get(KIND.ts_upri, t);
    if (incr === 0) return { error: 0, retval: upri };
    const newpri = upri + incr;
    if (newpri > ts_maxupri || newpri < -ts_maxupri) return { error: EINVAL, retval: undefined };
    return { error: this.ts_parmsset(t, { uprilim: newpri, upri: newpri }, cr), retval: newpri };
  }

  /**
   * Brings t_pri in line with ts_umdpri. On a CPU, the thread surrenders if something better waits, else its
   * quantum starts anew; on a run queue it moves and its quantum starts anew; elsewhere TSBACKQ sees to it.
   */
  ts_change_priority(t: number, cause: number): void {
    const { machine, services } = this;
    const new_pri = this.userPri(t);
    this.clearFlags(t, TSRESTORE, cause);
    machine.set(KIND.t_cpri, t, machine.get(KIND.ts_upri, t), cause);
    if (t === machine.curthread || machine.get(KIND.t_state, t) === TS.ONPROC) {
      services.THREAD_CHANGE_PRI(t, new_pri, cause);
      updateDispatchPri(machine, t, cause);
      if (this.mustSurrender(t)) {
        this.setFlags(t, TSBACKQ, cause);
        services.cpu_surrender(t);
      } else {
        this.renewQuantum(t, cause);
      }
    } else if (services.thread_change_pri(t, new_pri, this.has(t, TSIASET))) {
      this.renewQuantum(t, cause);
    } else {
      this.setFlags(t, TSBACKQ, cause);
    }
  }

  /** Turns the interactive mode of an IA thread on or off and sets the boost that goes with it. */
  setInteractive(t: number, on: boolean, cause: number): void {
    if (on) this.setFlags(t, TSIASET, cause);
    else this.clearFlags(t, TSIASET, cause);
    this.machine.set(KIND.ts_boost, t, on ? ia_boost : -ia_boost, cause);
  }

  /** Computes ts_umdpri from its parts. */
  TS_NEWUMDPRI(t: number, cause: number): void {
    const { machine } = this;
    const pri = machine.get(KIND.ts_cpupri, t) + machine.get(KIND.ts_upri, t) + machine.get(KIND.ts_boost, t);
    machine.set(KIND.ts_umdpri, t, clampLevel(pri), cause);
  }

  private assertLocked(t: number, where: string): void {
    const { services } = this;
    ASSERT(services.p_lockHeld(services.processOf(t)), where, 'MUTEX_HELD(&(ttoproc(t))->p_lock)');
  }

  /** Row of the table for the thread's own level, which is not always the level that it runs at. */
  private row(t: number): TsDpent {
    return this.ts_dptbl[this.machine.get(KIND.ts_cpupri, t)]!;
  }

  /** Global priority that `t` has in user mode. */
  private userPri(t: number): number {
    return this.ts_dptbl[this.machine.get(KIND.ts_umdpri, t)]!.globpri;
  }

  private renewQuantum(t: number, cause: number): void {
    this.machine.set(KIND.ts_timeleft, t, this.row(t).quantum, cause);
  }

  private swapView(t: number): SwapView {
    const pri = this.userPri(t);
    return { by: 'ts', isPrivileged: this.has(t, TSIASET), inPriority: pri, outPriority: pri };
  }

  /** Whether the quantum is older than the level at which the thread runs tolerates. */
  private hasWaitedLong(t: number): boolean {
    const { machine } = this;
    return machine.get(KIND.ts_dispwait, t) >>> 0 > this.ts_dptbl[machine.get(KIND.ts_umdpri, t)]!.maxwait;
  }

  private promote(t: number, level: number, cause: number): void {
    this.machine.set(KIND.ts_cpupri, t, level, cause);
    this.TS_NEWUMDPRI(t, cause);
    this.renewQuantum(t, cause);
    this.machine.set(KIND.ts_dispwait, t, 0, cause);
  }

  /** Interactive threads go to the front; TS threads only where they ran this very tick. */
  private queueRunnable(t: number): void {
    const { machine, services } = this;
    const front = this.has(t, TSIA)
      ? this.has(t, TSIASET)
      : machine.get(KIND.t_disp_time, t) === services.lbolt();
    if (front) services.setfrontdq(t);
    else services.setbackdq(t);
  }

  private mustSurrender(t: number): boolean {
    return DISP_MUST_SURRENDER(this.machine, t, this.services.cpupartOf(t));
  }

  private has(t: number, flag: number): boolean {
    return (this.machine.get(KIND.ts_flags, t) & flag) !== 0;
  }

  private setFlags(t: number, flags: number, cause: number): void {
    this.machine.set(KIND.ts_flags, t, this.machine.get(KIND.ts_flags, t) | flags, cause);
  }

  private clearFlags(t: number, flags: number, cause: number): void {
    this.machine.set(KIND.ts_flags, t, this.machine.get(KIND.ts_flags, t) & ~flags, cause);
  }
}

/** secpolicy_setpriority(): the kernel itself (NULL) may. */
function mayRaise(cred: Cred | null): boolean {
  return cred === null || cred.setpriority;
}

function clampLevel(pri: number): number {
  return Math.max(0, Math.min(pri, ts_maxumdpri));
}
