/**
 * The fair-share class (fss.c): CPU time goes to projects in proportion to their shares. Each thread carries
 * an internal priority that grows with the usage of its project, the more the fewer its shares, and decays
 * every second; its user-mode priority is that, turned upside down and scaled to 1..59. Functions stand in
 * the order of the C; accounts of projects and zones are in fss-accounts.ts, parameters in
 * upri-parms.ts and fss-parms.ts, what the swapper asks in fss-swap.ts.
 *
 * Preemption control is decided in fss_preempt, fss_tick, fss_yield and fss_update_list, as in TS. Threads at
 * kernel priority (FSSKPRI) are not raised, and their quantum does not run. A thread gets kernel priority where it
 * asked for it (t_kpri_req) before it sleeps, wakes up or is preempted, and has it until it returns to user mode.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, DECISION, FSS_FLAGS, TS, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT, KernelPanic } from '../../assert-kernel.ts';
import { EINVAL, EPERM } from '../../errno.ts';
import { withRoom } from '../../growable.ts';
import type { Machine } from '../../machine.ts';
import { ClassLists, FSS_LIST_COLUMNS } from './class-list.ts';
import {
  NOCHANGE,
  NZERO,
  SC_MAX_TICKS,
  minclsyspri,
  type ClassOps,
  type ClassParms,
  type ClassServices,
  type ClassTimeout,
  type Cred,
  type Errno,
  type NiceResult,
} from './class-ops.ts';
import { FSS_DECAY_BASE, FssAccounts, fss_maxumdpri, fss_nice_decay } from './fss-accounts.ts';
import { FSS_NICE_MAX, FSS_NICE_MIN, niceOf } from './fss-parms.ts';
import { fss_swapin, fss_swapout } from './fss-swap.ts';
import { DISP_MUST_SURRENDER, isOutranked, updateDispatchPri } from './thread.ts';
import { add64, div64, mul64, read64, write64, type Uint64 } from './uint64.ts';
import { maxupri as fss_maxupri, upriParmsin, upriVaparmsin } from './upri-parms.ts';

/** Priority of threads whose project, or zone, has no shares. */
const fss_minglobpri = 0;

const { FSSKPRI, FSSBACKQ, FSSRESTORE } = FSS_FLAGS;

export class FairShare {
  private readonly services: ClassServices;
  private readonly machine: Machine;
  private readonly accounts: FssAccounts;
  private readonly fss_list: ClassLists;
  /** A thread has entered the class: fss_update() is running. */
  private fssexists = false;
  private readonly updateTimeout: ClassTimeout = { name: 'fss_update', run: () => this.fss_update() };
  private readonly updateList = (list: number): boolean => this.fss_update_list(list);
  /** t_cldata of the threads that are in the class. */
  private cldata: Int32Array = new Int32Array(0);

  constructor(services: ClassServices) {
    this.services = services;
    this.machine = services.machine;
    this.fss_list = new ClassLists(services.machine, FSS_LIST_COLUMNS);
    this.accounts = new FssAccounts(services.machine);
  }

  /** The function table of the class (fss_classfuncs). */
  readonly fss_classfuncs: ClassOps = {
    name: 'FSS',
    cid: CID.FSS,
    cl_admin: (request, cred) =>
      request.cmd === 'FSS_SETADMIN' ? this.fss_setadmin(request.fss_quantum, cred) : EINVAL,
    cl_getclpri: () => [-fss_maxupri, fss_maxupri],
    cl_parmsin: upriParmsin,
    cl_parmsout: () => 0,
    cl_vaparmsin: upriVaparmsin,
    cl_alloc: () => this.fss_list.alloc(),
    cl_free: (cldata) => this.fss_list.free(cldata),
    t_cldata: (t) => (t < this.cldata.length ? this.cldata[t]! : NONE),
    cl_enterclass: (t, cid, parms, cred, cldata) => this.fss_enterclass(t, cid, parms, cred, cldata),
    cl_canexit: (_t, cred) => (cred !== null && !cred.setpriority ? EPERM : 0),
    cl_exitclass: (cldata) => this.fss_exitclass(cldata),
    cl_fork: (t, ct) => this.fss_fork(t, ct),
    cl_forkret: (t, ct) => this.fss_forkret(t, ct),
    cl_parmsget: (t) => this.fss_parmsget(t),
    cl_parmsset: (t, parms, _reqpcid, cred) => this.fss_parmsset(t, parms, cred),
    cl_stop: (t) => this.fss_stop(t),
    cl_exit: (t) => this.fss_exit(t),
    cl_active: (t) => this.fss_active(t),
    cl_inactive: (t) => this.fss_inactive(t),
    cl_swapin: (t, swapper) => fss_swapin(this.services, swapper, t),
    cl_swapout: (t, swapper, soft) => fss_swapout(this.services, swapper, t, soft),
    cl_trapret: (t) => this.fss_trapret(t),
    cl_preempt: (t) => this.fss_preempt(t),
    cl_setrun: (t) => this.fss_setrun(t),
    cl_sleep: (t) => this.fss_sleep(t),
    cl_tick: (t) => this.fss_tick(t),
    cl_wakeup: (t) => this.fss_wakeup(t),
    cl_donice: (t, cred, incr) => this.fss_donice(t, cred, incr),
    cl_doprio: (t, cred, incr) => this.fss_doprio(t, cred, incr),
    cl_globpri: (t) => this.fss_globpri(t),
    cl_set_process_group: () => undefined,
    cl_yield: (t) => this.fss_yield(t),
  };

  /** `t` no longer counts among the runnable threads of its project. */
  fss_inactive(t: number): void {
    const { machine } = this;
    const cause = CAUSE.fss_inactive;
    const fssproj = machine.get(KIND.fss_proj, t);
    if (fssproj === NONE) return; // it has already exited
    ASSERT(machine.get(KIND.fssp_runnable, fssproj) > 0, 'fss_inactive', 'fssproj->fssp_runnable > 0');
    this.accounts.deactivate(fssproj, cause);
    ASSERT(machine.get(KIND.fss_runnable, t) === 1, 'fss_inactive', 'fssproc->fss_runnable == 1');
    machine.set(KIND.fss_runnable, t, 0, cause);
  }

  /** `t` counts among the runnable threads of its project. */
  fss_active(t: number): void {
    const { machine } = this;
    const cause = CAUSE.fss_active;
    const fssproj = machine.get(KIND.fss_proj, t);
    if (fssproj === NONE) return; // it has already exited
    this.accounts.activate(fssproj, cause);
    ASSERT(machine.get(KIND.fss_runnable, t) === 0, 'fss_active', 'fssproc->fss_runnable == 0');
    machine.set(KIND.fss_runnable, t, 1, cause);
  }

  /**
   * Computes the user-mode priority from the usage of the project, and starts counting ticks anew.
   *
   * @param quanta_up the quantum is used up: where others of the project are runnable, the thread goes behind
   *   all threads of the processor set
   */
  fss_newpri(t: number, quanta_up: boolean): void {
    const { accounts, machine } = this;
    const cause = CAUSE.fss_newpri;
    if (machine.get(KIND.t_cid, t) !== CID.FSS) return;
    const fssproj = machine.get(KIND.fss_proj, t);
    if (fssproj === NONE) return; // it has already exited
    const ticks = machine.get(KIND.fss_ticks, t) >>> 0;
    machine.set(KIND.fss_ticks, t, 0, cause);
    if (accounts.hasNoShares(fssproj)) {
      machine.set(KIND.fss_umdpri, t, fss_minglobpri, cause);
      return;
    }
    const maxfsspri = accounts.maxfsspri(fssproj);
    const n_runnable = machine.get(KIND.fssp_runnable, fssproj) >>> 0;
    let fsspri =
      quanta_up && n_runnable > 1
        ? maxfsspri
        : add64(this.fsspri(t), mul64(mul64(accounts.shusage(fssproj), n_runnable), ticks));
    this.setFsspri(t, fsspri, cause);

    if (fsspri < fss_maxumdpri) fsspri = fss_maxumdpri;
    if (fsspri >= maxfsspri) {
      accounts.setMaxfsspri(fssproj, fsspri, cause);
      machine.set(KIND.fss_umdpri, t, 1, cause);
    } else {
      const invpri = Number(div64(mul64(fsspri, fss_maxumdpri - 1), maxfsspri));
      machine.set(KIND.fss_umdpri, t, fss_maxumdpri - invpri, cause);
    }
  }

  /** Brings t_pri in line with fss_umdpri, as ts_change_priority() does for TS. */
  fss_change_priority(t: number, cause: number): void {
    const { machine, services } = this;
    const new_pri = machine.get(KIND.fss_umdpri, t);
    machine.set(KIND.t_cpri, t, machine.get(KIND.fss_upri, t), cause);
    this.clearFlags(t, FSSRESTORE, cause);
    if (t === machine.curthread || machine.get(KIND.t_state, t) === TS.ONPROC) {
      services.THREAD_CHANGE_PRI(t, new_pri, cause);
      updateDispatchPri(machine, t, cause);
      if (this.mustSurrender(t)) {
        this.setFlags(t, FSSBACKQ, cause);
        services.cpu_surrender(t);
      } else {
        this.renewQuantum(t, cause);
      }
    } else if (services.thread_change_pri(t, new_pri, false)) {
      this.renewQuantum(t, cause);
    } else {
      this.setFlags(t, FSSBACKQ, cause);
    }
  }

  /** Once a second: decays usages, then recomputes the priorities of those that wait to run. */
  fss_update(): void {
    this.accounts.fss_decay_usage();
    this.fss_list.updateAll(this.updateList, CAUSE.fss_update);
    this.services.timeout(this.updateTimeout, this.services.hz);
  }

  /** One list of fss_update(). Returns whether a priority was recomputed. */
  private fss_update_list(list: number): boolean {
    const { machine, services } = this;
    const cause = CAUSE.fss_update;
    let updated = false;
    for (let at = this.fss_list.first(list); at !== NONE; at = this.fss_list.next(at)) {
      const t = this.fss_list.threadOf(at);
      if (machine.get(KIND.t_cid, t) !== CID.FSS || this.has(t, FSSKPRI)) continue;
      const fssproj = machine.get(KIND.fss_proj, t);
      if (fssproj === NONE) continue;
      if (machine.get(KIND.fssp_shares, fssproj) !== 0) {
        const decay = fss_nice_decay[machine.get(KIND.fss_nice, t)]!;
        this.setFsspri(t, div64(mul64(this.fsspri(t), decay), FSS_DECAY_BASE), cause);
      }
      const state = machine.get(KIND.t_state, t);
      const waits = state === TS.RUN || state === TS.WAIT;
      if (services.schedctl_get_nopreempt(t) !== 0) {
        if (waits) {
          const timeleft = machine.get(KIND.fss_timeleft, t);
          machine.decide(t, DECISION.updateSkipped, cause, timeleft, WITHOUT_NOPREEMPT.promoted);
        }
        continue;
      }
      if (!waits) {
        this.askForTrapret(t, cause);
        continue;
      }
      this.fss_newpri(t, false);
      updated = true;
      if (machine.get(KIND.t_pri, t) !== machine.get(KIND.fss_umdpri, t)) this.fss_change_priority(t, cause);
    }
    return updated;
  }

  /** Sets the quantum (CL_ADMIN with FSS_SETADMIN): less than a second. It counts from each thread's next one. */
  fss_setadmin(quantum: number, cred: Cred | null): Errno {
    if (cred !== null && !cred.setpriority) return EPERM;
    if (quantum <= 0 || quantum >= this.services.hz) return EINVAL;
    this.machine.set(KIND.fss_quantum, 0, quantum, CAUSE.dispadmin);
    return 0;
  }

  /** Enters the class with the priority in its middle; only the privileged may. */
  fss_enterclass(
    t: number,
    cid: number,
    parms: ClassParms | null,
    reqpcredp: Cred | null,
    cldata: number,
  ): Errno {
    const { accounts, machine, services } = this;
    const cause = CAUSE.fss_enterclass;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'fss_enterclass', 'MUTEX_HELD(&ttoproc(t)->p_lock)');
    if (reqpcredp !== null && !reqpcredp.setpriority) return EPERM;
    const uprilim = parms === null || parms.uprilim === NOCHANGE ? 0 : parms.uprilim!;
    const upri = parms === null || parms.upri === NOCHANGE ? uprilim : Math.min(parms.upri!, uprilim);

    machine.set(KIND.fss_umdpri, t, fss_maxumdpri >> 1, cause);
    machine.set(KIND.fss_uprilim, t, uprilim, cause);
    machine.set(KIND.fss_upri, t, upri, cause);
    machine.set(KIND.fss_nice, t, niceOf(upri), cause);
    this.clearStructure(t, cause);
    this.renewQuantum(t, cause);
    const project = machine.state.read(KIND.p_project, services.processOf(t));
    const fssproj = accounts.open(services.cpupartOf(t), project, cause);
    accounts.join(fssproj, cause);
    machine.set(KIND.fss_proj, t, fssproj, cause);

    machine.set(KIND.t_cid, t, cid, cause);
    this.setCldata(t, cldata);
    services.setRunqMatch(t, true);
    this.fss_change_priority(t, cause);
    if (this.countsAsRunnable(t)) this.fss_active(t);

    this.fss_list.insert(cldata, t, services.listHash(t), cause);
    if (!this.fssexists) {
      this.fssexists = true;
      services.timeout(this.updateTimeout, services.hz);
    }
    return 0;
  }

  /**
   * Frees a structure: of a thread that went to another class, or of one that fss_exit() has seen off. A thread
   * cannot enter the class that it is in: its old structure is still in use.
   */
  fss_exitclass(cldata: number): void {
    const { accounts, machine, services } = this;
    const cause = CAUSE.fss_exitclass;
    const t = this.fss_list.threadOf(cldata);
    if (machine.get(KIND.t_cid, t) === CID.FSS) {
      ASSERT(services.isFree(t), 'fss_exitclass', 't->t_state == TS_FREE');
    } else {
      const p_lockHeld = services.p_lockHeld(services.processOf(t));
      ASSERT(p_lockHeld, 'fss_exitclass', 'MUTEX_HELD(&ttoproc(t)->p_lock)');
      const fssproj = machine.get(KIND.fss_proj, t);
      if (fssproj === NONE) throw new KernelPanic('fss_exitclass', `thread ${t} has already exited`);
      if (machine.get(KIND.fss_runnable, t) !== 0) {
        accounts.deactivate(fssproj, cause);
        machine.set(KIND.fss_runnable, t, 0, cause);
      }
      accounts.leave(fssproj, cause);
      machine.set(KIND.fss_proj, t, NONE, cause);
    }
    this.cldata[t] = NONE;
    this.fss_list.remove(cldata, cause);
    this.fss_list.free(cldata);
  }

  /** A child has its parent's priority and project, a full quantum, and an internal priority of 0. */
  fss_fork(pt: number, ct: number): Errno {
    const { machine, services } = this;
    const cause = CAUSE.fss_fork;
    ASSERT(services.p_lockHeld(services.processOf(pt)), 'fss_fork', 'MUTEX_HELD(&ttoproc(pt)->p_lock)');
    ASSERT(machine.get(KIND.t_state, ct) === TS.STOPPED, 'fss_fork', 'ct->t_state == TS_STOPPED');
    const fssproj = machine.get(KIND.fss_proj, pt);
    this.clearStructure(ct, cause);
    machine.set(KIND.fss_proj, ct, fssproj, cause);
    this.renewQuantum(ct, cause);
    machine.set(KIND.fss_umdpri, ct, machine.get(KIND.fss_umdpri, pt), cause);
    machine.set(KIND.fss_uprilim, ct, machine.get(KIND.fss_uprilim, pt), cause);
    machine.set(KIND.fss_upri, ct, machine.get(KIND.fss_upri, pt), cause);
    machine.set(KIND.fss_nice, ct, machine.get(KIND.fss_nice, pt), cause);
    machine.set(
      KIND.fss_flags,
      ct,
      machine.get(KIND.fss_flags, pt) & ~(FSSKPRI | FSSBACKQ | FSSRESTORE),
      cause,
    );
    services.setRunqMatch(ct, true);
    this.accounts.join(fssproj, cause);
    const cldata = this.fss_list.alloc();
    this.setCldata(ct, cldata);
    this.fss_list.insert(cldata, ct, services.listHash(ct), cause);
    return 0;
  }

  /** Child before parent; the parent gives up its CPU at a new priority, stored directly as in ts_forkret(). */
  fss_forkret(t: number, ct: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_forkret;
    ASSERT(machine.curthread === t, 'fss_forkret', 't == curthread');
    ASSERT(services.pidlockHeld(), 'fss_forkret', 'MUTEX_HELD(&pidlock)');
    services.continuelwps(services.processOf(ct));
    services.continuelwps(services.processOf(t));
    this.fss_newpri(t, false);
    this.renewQuantum(t, cause);
    machine.set(KIND.t_pri, t, machine.get(KIND.fss_umdpri, t), cause);
    // Not by way of fss_setrun(), which might count the thread as runnable a second time.
    this.clearFlags(t, FSSKPRI | FSSBACKQ, cause);
    this.queueByDispTime(t);
    services.swtch();
  }

  /** What priocntl shows. */
  fss_parmsget(t: number): ClassParms {
    return { uprilim: this.machine.get(KIND.fss_uprilim, t), upri: this.machine.get(KIND.fss_upri, t) };
  }

  /** Sets limit and user priority, and so the nice value. Raising the limit takes privilege. */
  fss_parmsset(t: number, parms: ClassParms, reqpcredp: Cred | null): Errno {
    const { machine, services } = this;
    const cause = CAUSE.fss_parmsset;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'fss_parmsset', 'MUTEX_HELD(&(ttoproc(t))->p_lock)');
    const uprilim = machine.get(KIND.fss_uprilim, t);
    const reqfssuprilim = parms.uprilim === NOCHANGE ? uprilim : parms.uprilim!;
    const requested = parms.upri === NOCHANGE ? machine.get(KIND.fss_upri, t) : parms.upri!;
    const reqfssupri = Math.min(requested, reqfssuprilim);
    if (reqpcredp !== null && reqfssuprilim > uprilim && !reqpcredp.setpriority) return EPERM;
    machine.set(KIND.fss_uprilim, t, reqfssuprilim, cause);
    machine.set(KIND.fss_upri, t, reqfssupri, cause);
    machine.set(KIND.fss_nice, t, niceOf(reqfssupri), cause);
    this.fss_newpri(t, false);
    if (!this.has(t, FSSKPRI)) this.fss_change_priority(t, cause);
    return 0;
  }

  /** `t` is about to stop. */
  fss_stop(t: number): void {
    ASSERT(this.machine.curthread === t, 'fss_stop', 't == curthread');
    this.fss_inactive(t);
  }

  /**
   * `t` ends: it leaves its project, while its structure lives on until CL_EXITCLASS. Only a thread on a CPU or a run
   * queue is taken to count as runnable.
   */
  fss_exit(t: number): void {
    const { accounts, machine, services } = this;
    const cause = CAUSE.fss_exit;
    ASSERT(
      services.p_lockHeld(services.processOf(t)) || services.pidlockHeld(),
      'fss_exit',
      'MUTEX_HELD(&(ttoproc(t))->p_lock) || MUTEX_HELD(&pidlock)',
    );
    const fssproj = machine.get(KIND.fss_proj, t);
    if (fssproj === NONE) throw new KernelPanic('fss_exit', `thread ${t} has already exited`);
    const state = machine.get(KIND.t_state, t);
    if (state === TS.ONPROC || state === TS.RUN) {
      accounts.deactivate(fssproj, cause);
      ASSERT(machine.get(KIND.fss_runnable, t) === 1, 'fss_exit', 'fssproc->fss_runnable == 1');
      machine.set(KIND.fss_runnable, t, 0, cause);
    }
    accounts.leave(fssproj, cause);
    machine.set(KIND.fss_proj, t, NONE, cause);
  }

  /** `t` returns to user mode: a kernel priority ends here. */
  fss_trapret(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_trapret;
    const cpu = machine.get(KIND.t_cpu, t);
    ASSERT(machine.curthread === t, 'fss_trapret', 't == curthread');
    ASSERT(machine.get(KIND.cpu_dispthread, cpu) === t, 'fss_trapret', 'cp->cpu_dispthread == t');
    ASSERT(machine.get(KIND.t_state, t) === TS.ONPROC, 'fss_trapret', 't->t_state == TS_ONPROC');
    machine.set(KIND.t_kpri_req, t, 0, cause);
    if (this.has(t, FSSKPRI)) {
      services.THREAD_CHANGE_PRI(t, machine.get(KIND.fss_umdpri, t), cause);
      updateDispatchPri(machine, t, cause);
      this.clearFlags(t, FSSKPRI, cause);
      if (this.mustSurrender(t)) services.cpu_surrender(t);
    }
    if (services.swapper?.isSwapEnqueued(t) === true) services.swapper.swapout_lwp(t);
  }

  /** `t` loses its CPU; sc_nopreempt is honoured or taken back as in ts_preempt(). */
  fss_preempt(t: number): void {
    const { machine, services } = this;
    const { swapper } = services;
    const cause = CAUSE.fss_preempt;
    ASSERT(machine.curthread === t, 'fss_preempt', 't == curthread');
    ASSERT(machine.get(KIND.t_state, t) === TS.ONPROC, 'fss_preempt', 't->t_state == TS_ONPROC');

    if (!this.has(t, FSSKPRI) && machine.get(KIND.t_kpri_req, t) !== 0 && services.hasLwp(t)) {
      this.setFlags(t, FSSKPRI, cause);
      services.THREAD_CHANGE_PRI(t, minclsyspri, cause);
      this.askForTrapret(t, cause);
    }
    if (swapper !== null) {
      ASSERT(swapper.isDontSwap(t), 'fss_preempt', 't->t_schedflag & TS_DONT_SWAP');
      if (swapper.isInUserMode(t)) swapper.setDontSwap(t, false);
    }

    if (services.schedctl_get_nopreempt(t) !== 0) {
      const timeleft = machine.get(KIND.fss_timeleft, t);
      if (timeleft > -SC_MAX_TICKS) {
        services.probe('schedctl-nopreempt', t);
        machine.decide(t, DECISION.deferredAtPreempt, cause, timeleft, WITHOUT_NOPREEMPT.preempted);
        if (!this.has(t, FSSKPRI)) {
          if (!this.has(t, FSSRESTORE)) {
            machine.set(KIND.fss_scpri, t, machine.get(KIND.t_pri, t), cause);
            this.setFlags(t, FSSRESTORE, cause);
          }
          services.THREAD_CHANGE_PRI(t, fss_maxumdpri, cause);
          swapper?.setDontSwap(t, true);
        }
        services.schedctl_set_yield(t, 1);
        services.setfrontdq(t);
        return;
      }
      this.restorePriority(t, cause);
      services.schedctl_set_nopreempt(t, 0);
      services.probe('schedctl-preempt', t);
      machine.decide(t, DECISION.forced, cause, timeleft, WITHOUT_NOPREEMPT.same);
    }

    if (!this.has(t, FSSBACKQ)) {
      services.setfrontdq(t);
      return;
    }
    if (!this.has(t, FSSKPRI)) this.renewQuantum(t, cause);
    this.clearFlags(t, FSSBACKQ, cause);
    services.setbackdq(t);
  }

  /** `t` becomes runnable: a new quantum and its user-mode priority, unless it is at kernel priority. */
  fss_setrun(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_setrun;
    const state = machine.get(KIND.t_state, t);
    if (state === TS.SLEEP || state === TS.STOPPED) this.fss_active(t);
    this.renewQuantum(t, cause);
    this.clearFlags(t, FSSBACKQ, cause);
    if (!this.has(t, FSSKPRI)) services.THREAD_CHANGE_PRI(t, machine.get(KIND.fss_umdpri, t), cause);
    this.queueByDispTime(t);
  }

  /** `t` is about to sleep: at kernel priority if it asked for that; one of its last sleep ends. */
  fss_sleep(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_sleep;
    ASSERT(machine.curthread === t, 'fss_sleep', 't == curthread');
    ASSERT(machine.get(KIND.t_state, t) === TS.ONPROC, 'fss_sleep', 't->t_state == TS_ONPROC');
    this.fss_inactive(t);
    if (machine.get(KIND.t_kpri_req, t) !== 0) {
      services.THREAD_CHANGE_PRI(t, minclsyspri, cause);
      this.setFlags(t, FSSKPRI, cause);
      this.askForTrapret(t, cause);
    } else if (this.has(t, FSSKPRI)) {
      this.clearFlags(t, FSSKPRI, cause);
      services.THREAD_CHANGE_PRI(t, machine.get(KIND.fss_umdpri, t), cause);
      if (this.mustSurrender(t)) services.cpu_surrender(t);
    }
    machine.set(KIND.t_stime, t, services.lbolt(), cause);
  }

  /** A clock tick found `t` on a CPU: its project pays, and its quantum runs unless it is at kernel priority. */
  fss_tick(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_tick;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'fss_tick', 'MUTEX_HELD(&(ttoproc(t))->p_lock)');
    const fssproj = machine.get(KIND.fss_proj, t);
    if (fssproj !== NONE) {
      this.accounts.charge(fssproj, machine.get(KIND.fss_nice, t), cause);
      machine.set(KIND.fss_ticks, t, (machine.get(KIND.fss_ticks, t) + 1) | 0, cause);
    }
    if (this.has(t, FSSKPRI)) return;

    let call_cpu_surrender = false;
    const timeleft = machine.get(KIND.fss_timeleft, t) - 1;
    machine.set(KIND.fss_timeleft, t, timeleft, cause);
    if (timeleft <= 0) {
      if (services.schedctl_get_nopreempt(t) !== 0 && timeleft > -SC_MAX_TICKS) {
        services.probe('schedctl-nopreempt', t);
        machine.decide(t, DECISION.deferredAtTick, cause, timeleft, WITHOUT_NOPREEMPT.expired);
        services.schedctl_set_yield(t, 1);
        return;
      }
      this.clearFlags(t, FSSRESTORE, cause);
      this.fss_newpri(t, true);
      if (services.thread_change_pri(t, machine.get(KIND.fss_umdpri, t), false)) {
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
      this.setFlags(t, FSSBACKQ, cause);
      services.cpu_surrender(t);
    }
  }

  /**
   * `t` wakes up, at kernel priority if it has that or asked for it. Else, where it ran this very tick it goes to the
   * front as it is, and otherwise it starts afresh at the back.
   */
  fss_wakeup(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_wakeup;
    ASSERT(machine.get(KIND.t_state, t) === TS.SLEEP, 'fss_wakeup', 't->t_state == TS_SLEEP');
    this.fss_active(t);
    machine.set(KIND.t_stime, t, services.lbolt(), cause);
    this.clearFlags(t, FSSBACKQ, cause);
    if (this.has(t, FSSKPRI)) {
      services.setbackdq(t);
    } else if (machine.get(KIND.t_kpri_req, t) !== 0) {
      this.setFlags(t, FSSKPRI, cause);
      services.THREAD_CHANGE_PRI(t, minclsyspri, cause);
      services.setbackdq(t);
      this.askForTrapret(t, cause);
    } else if (machine.get(KIND.t_disp_time, t) === services.lbolt()) {
      services.setfrontdq(t);
    } else {
      this.renewQuantum(t, cause);
      services.THREAD_CHANGE_PRI(t, machine.get(KIND.fss_umdpri, t), cause);
      services.setbackdq(t);
    }
  }

  /** nice(2): cut to 0..39; limit and user priority follow. */
  fss_donice(t: number, cr: Cred | null, incr: number): NiceResult {
    const { machine } = this;
    const nice = machine.get(KIND.fss_nice, t);
    if (incr === 0) return { error: 0, retval: nice - NZERO };
    if ((incr < 0 || incr > 2 * NZERO) && cr !== null && !cr.setpriority) {
      return { error: EPERM, retval: undefined };
    }
    const newnice = Math.max(FSS_NICE_MIN, Math.min(nice + incr, FSS_NICE_MAX));
    const upri = -Math.trunc(((newnice - NZERO) * fss_maxupri) / NZERO);
    this.fss_parmsset(t, { uprilim: upri, upri }, null);
    machine.set(KIND.fss_nice, t, newnice, CAUSE.fss_donice);
    return { error: 0, retval: newnice - NZERO };
  }

  /** Adds `incr` to the user priority and makes the result the limit as well. */
  fss_doprio(t: number, cr: Cred | null, incr: number): NiceResult {
    const upri = this.machine.get(KIND.fss_upri, t);
    if (incr === 0) return { error: 0, retval: upri };
    const newpri = upri + incr;
    if (newpri > fss_maxupri || newpri < -fss_maxupri) return { error: EINVAL, retval: undefined };
    return { error: this.fss_parmsset(t, { uprilim: newpri, upri: newpri }, cr), retval: newpri };
  }

  /** The priority that a thread would enter the class with. */
  fss_globpri(t: number): number {
    const { services } = this;
    ASSERT(services.p_lockHeld(services.processOf(t)), 'fss_globpri', 'MUTEX_HELD(&ttoproc(t)->p_lock)');
    return fss_maxumdpri >> 1;
  }

  /** The program yields. Unlike in TS, a quantum at exactly 0 is not renewed. */
  fss_yield(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_yield;
    ASSERT(machine.curthread === t, 'fss_yield', 't == curthread');
    services.schedctl_set_yield(t, 0);
    this.restorePriority(t, cause);
    const timeleft = machine.get(KIND.fss_timeleft, t);
    if (timeleft < 0) {
      services.probe('schedctl-yield', -timeleft);
      machine.decide(t, DECISION.yielded, cause, timeleft, WITHOUT_NOPREEMPT.same);
      this.renewQuantum(t, cause);
    }
    this.clearFlags(t, FSSBACKQ, cause);
    services.setbackdq(t);
  }

  /**
   * The process of `t` is about to go to another project: `t` is charged to that from now on, and its own past is
   * forgotten.
   */
  fss_changeproj(t: number, kpj_new: number): void {
    const { accounts, machine } = this;
    const cause = CAUSE.fss_changeproj;
    this.assertLocked(t, 'fss_changeproj');
    const fssproj_old = machine.get(KIND.fss_proj, t);
    if (machine.get(KIND.t_cid, t) !== CID.FSS || fssproj_old === NONE) return;
    const cpupart = machine.get(KIND.fssp_pset, fssproj_old);
    ASSERT(
      this.services.cpupartOf(t) === cpupart,
      'fss_changeproj',
      't->t_cpupart == fsspset->fssps_cpupart',
    );
    if (machine.get(KIND.fssp_proj, fssproj_old) === kpj_new) return;
    const fssproj_new = accounts.open(cpupart, kpj_new, cause);
    const runnable = this.countsAsRunnable(t);
    if (runnable) this.fss_inactive(t);
    accounts.leave(fssproj_old, cause);
    machine.set(KIND.fss_proj, t, fssproj_new, cause);
    this.setFsspri(t, 0, cause);
    accounts.join(fssproj_new, cause);
    if (runnable) this.fss_active(t);
  }

  /** `t` is about to go to processor set `newcp`: its project competes there now, and its own past is forgotten. */
  fss_changepset(t: number, newcp: number): void {
    const { accounts, machine } = this;
    const cause = CAUSE.fss_changepset;
    this.assertLocked(t, 'fss_changepset');
    const fssproj_old = machine.get(KIND.fss_proj, t);
    if (machine.get(KIND.t_cid, t) !== CID.FSS || fssproj_old === NONE) return;
    if (machine.get(KIND.fssp_pset, fssproj_old) === newcp) return;
    const fssproj_new = accounts.open(newcp, machine.get(KIND.fssp_proj, fssproj_old), cause);
    accounts.join(fssproj_new, cause);
    const runnable = this.countsAsRunnable(t);
    if (runnable) this.fss_inactive(t);
    machine.set(KIND.fss_proj, t, fssproj_new, cause);
    this.setFsspri(t, 0, cause);
    if (runnable) this.fss_active(t);
    accounts.leave(fssproj_old, cause);
  }

  private assertLocked(t: number, functionName: string): void {
    const { services } = this;
    ASSERT(services.pidlockHeld(), functionName, 'MUTEX_HELD(&pidlock)');
    ASSERT(services.p_lockHeld(services.processOf(t)), functionName, 'MUTEX_HELD(&ttoproc(t)->p_lock)');
  }

  private countsAsRunnable(t: number): boolean {
    const state = this.machine.get(KIND.t_state, t);
    return state === TS.RUN || state === TS.ONPROC || state === TS.WAIT;
  }

  /** What a new structure holds before it is filled in. */
  private clearStructure(t: number, cause: number): void {
    const { machine } = this;
    machine.set(KIND.fss_ticks, t, 0, cause);
    machine.set(KIND.fss_flags, t, 0, cause);
    machine.set(KIND.fss_runnable, t, 0, cause);
    machine.set(KIND.fss_scpri, t, 0, cause);
    this.setFsspri(t, 0, cause);
  }

  /** Has fss_trapret() run before `t` goes on in user mode. */
  private askForTrapret(t: number, cause: number): void {
    this.machine.set(KIND.t_trapret, t, 1, cause);
    this.machine.set(KIND.t_astflag, t, 1, cause);
  }

  /** Gives back the priority that fss_preempt() raised, if it did. */
  private restorePriority(t: number, cause: number): void {
    if (!this.has(t, FSSRESTORE)) return;
    this.services.THREAD_CHANGE_PRI(t, this.machine.get(KIND.fss_scpri, t), cause);
    this.clearFlags(t, FSSRESTORE, cause);
  }

  private queueByDispTime(t: number): void {
    const { machine, services } = this;
    if (machine.get(KIND.t_disp_time, t) === services.lbolt()) services.setfrontdq(t);
    else services.setbackdq(t);
  }

  private mustSurrender(t: number): boolean {
    return DISP_MUST_SURRENDER(this.machine, t, this.services.cpupartOf(t));
  }

  private renewQuantum(t: number, cause: number): void {
    this.machine.set(KIND.fss_timeleft, t, this.machine.get(KIND.fss_quantum, 0), cause);
  }

  private setCldata(t: number, cldata: number): void {
    this.cldata = withRoom(this.cldata, t, NONE);
    this.cldata[t] = cldata;
  }

  private fsspri(t: number): Uint64 {
    return read64(this.machine, KIND.fss_fsspri, KIND.fss_fsspri_high, t);
  }

  private setFsspri(t: number, value: Uint64, cause: number): void {
    write64(this.machine, KIND.fss_fsspri, KIND.fss_fsspri_high, t, value, cause);
  }

  private has(t: number, flag: number): boolean {
    return (this.machine.get(KIND.fss_flags, t) & flag) !== 0;
  }

  private setFlags(t: number, flags: number, cause: number): void {
    this.machine.set(KIND.fss_flags, t, this.machine.get(KIND.fss_flags, t) | flags, cause);
  }

  private clearFlags(t: number, flags: number, cause: number): void {
    this.machine.set(KIND.fss_flags, t, this.machine.get(KIND.fss_flags, t) & ~flags, cause);
  }
}
