/**
 * The fair-share class (fss.c): CPU time goes to projects in proportion to their shares. Each thread carries
 * an internal priority that grows with the usage of its project, the more the fewer its shares, and decays
 * every second; its user-mode priority is that, turned upside down and scaled to 1..59. Functions stand in
 * the order of the C; accounts of projects are in fss-shares.ts.
 *
 * Preemption control is decided in fss_preempt, fss_tick, fss_yield and fss_update_list, as in TS. Threads at
 * kernel priority (FSSKPRI) are not raised, and their quantum does not run.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, DECISION, FSS_FLAGS, TS, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../assert-kernel.ts';
import { EINVAL, EPERM } from '../errno.ts';
import { withRoom } from '../growable.ts';
import type { Machine } from '../machine.ts';
import { ClassLists, FSS_LIST_COLUMNS } from './class-list.ts';
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
import {
  FSS_DECAY_BASE,
  FSS_NICE_RANGE,
  FssShares,
  ONE_PROJECT,
  fss_maxumdpri,
  fss_nice_decay,
  readWide,
  writeWide,
  type FssProjects,
} from './fss-shares.ts';
import { DISP_MUST_SURRENDER, isOutranked, updateDispatchPri } from './thread.ts';

/** User priorities go from -60 to 60; they only set the nice value. */
export const fss_maxupri = 60;
/** Ticks of a quantum, the same for all, unless an administrator says otherwise. */
const FSS_QUANTUM = 11;
/** Priority of threads whose project has no shares. */
const fss_minglobpri = 0;
const FSS_NICE_MIN = 0;
const FSS_NICE_MAX = FSS_NICE_RANGE - 1;

const { FSSKPRI, FSSBACKQ, FSSRESTORE } = FSS_FLAGS;

export class FairShare {
  private readonly services: ClassServices;
  private readonly machine: Machine;
  private readonly shares: FssShares;
  private readonly fss_list: ClassLists;
  private fss_quantum = FSS_QUANTUM;
  /** A thread has entered the class: fss_update() is running. */
  private fssexists = false;
  private readonly updateTimeout: ClassTimeout = { name: 'fss_update', run: () => this.fss_update() };
  private readonly updateList = (list: number): boolean => this.fss_update_list(list);
  /** t_cldata of the threads that are in the class. */
  private cldata: Int32Array = new Int32Array(0);

  constructor(services: ClassServices, projects: FssProjects = ONE_PROJECT) {
    this.services = services;
    this.machine = services.machine;
    this.fss_list = new ClassLists(services.machine, FSS_LIST_COLUMNS);
    this.shares = new FssShares(services.machine, projects);
  }

  /** The function table of the class (fss_classfuncs). */
  readonly fss_classfuncs: ClassOps = {
    name: 'FSS',
    cid: CID.FSS,
    cl_admin: (request, cred) =>
      request.cmd === 'FSS_SETADMIN' ? this.fss_setadmin(request.fss_quantum, cred) : EINVAL,
    cl_getclpri: () => [-fss_maxupri, fss_maxupri],
    cl_parmsin: (parms) => this.fss_parmsin(parms),
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
    cl_stop: (t) => this.fss_inactive(t),
    cl_exit: (t) => this.fss_exit(t),
    cl_active: (t) => this.fss_active(t),
    cl_inactive: (t) => this.fss_inactive(t),
    cl_trapret: (t) => this.fss_trapret(t),
    cl_preempt: (t) => this.fss_preempt(t),
    cl_setrun: (t) => this.fss_setrun(t),
    cl_sleep: (t) => this.fss_sleep(t),
    cl_tick: (t) => this.fss_tick(t),
    cl_wakeup: (t) => this.fss_wakeup(t),
    cl_donice: (t, cred, incr) => this.fss_donice(t, cred, incr),
    cl_doprio: (t, cred, incr) => this.fss_doprio(t, cred, incr),
    cl_globpri: () => fss_maxumdpri >> 1,
    cl_set_process_group: () => undefined,
    cl_yield: (t) => this.fss_yield(t),
  };

  /** `t` no longer counts among the runnable threads of its project. */
  fss_inactive(t: number): void {
    const { machine } = this;
    const fssproj = machine.get(KIND.fss_proj, t);
    if (fssproj === NONE) return; // it has already exited
    ASSERT(machine.get(KIND.fss_runnable, t) === 1, 'fss_inactive', 'fssproc->fss_runnable == 1');
    this.shares.deactivate(fssproj, CAUSE.fss_inactive);
    machine.set(KIND.fss_runnable, t, 0, CAUSE.fss_inactive);
  }

  /** `t` counts among the runnable threads of its project. */
  fss_active(t: number): void {
    const { machine } = this;
    const fssproj = machine.get(KIND.fss_proj, t);
    if (fssproj === NONE) return; // it has already exited
    ASSERT(machine.get(KIND.fss_runnable, t) === 0, 'fss_active', 'fssproc->fss_runnable == 0');
    this.shares.activate(fssproj, CAUSE.fss_active);
    machine.set(KIND.fss_runnable, t, 1, CAUSE.fss_active);
  }

  /**
   * Computes the user-mode priority from the usage of the project, and starts counting ticks anew.
   *
   * @param quanta_up the quantum is used up: where others of the project are runnable, the thread goes behind
   *   all threads of the processor set
   */
  fss_newpri(t: number, quanta_up: boolean): void {
    const { machine, shares } = this;
    const cause = CAUSE.fss_newpri;
    const fssproj = machine.get(KIND.fss_proj, t);
    if (fssproj === NONE) return; // it has already exited
    const ticks = machine.get(KIND.fss_ticks, t);
    machine.set(KIND.fss_ticks, t, 0, cause);
    if (machine.get(KIND.fssp_shares, fssproj) === 0) {
      machine.set(KIND.fss_umdpri, t, fss_minglobpri, cause);
      return;
    }
    const runnable = machine.get(KIND.fssp_runnable, fssproj);
    const maxfsspri = shares.maxfsspri(fssproj);
    let fsspri =
      quanta_up && runnable > 1
        ? maxfsspri
        : BigInt.asUintN(64, this.fsspri(t) + shares.shusage(fssproj) * BigInt(runnable) * BigInt(ticks));
    this.setFsspri(t, fsspri, cause);

    const top = BigInt(fss_maxumdpri);
    if (fsspri < top) fsspri = top;
    if (fsspri >= maxfsspri) {
      shares.setMaxfsspri(fssproj, fsspri, cause);
      machine.set(KIND.fss_umdpri, t, 1, cause);
    } else {
      const invpri = Number((fsspri * (top - 1n)) / maxfsspri);
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
    this.shares.fss_decay_usage();
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
        this.setFsspri(t, (this.fsspri(t) * decay) / FSS_DECAY_BASE, cause);
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
        machine.set(KIND.t_trapret, t, 1, cause);
        machine.set(KIND.t_astflag, t, 1, cause);
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
    this.fss_quantum = quantum;
    return 0;
  }

  /** Checks parameters from user level: both within -60..60 or "no change". */
  fss_parmsin(parms: ClassParms): Errno {
    return validUpri(parms.uprilim!) && validUpri(parms.upri!) ? 0 : EINVAL;
  }

  /** Enters the class with the priority in its middle; only the privileged may. */
  fss_enterclass(
    t: number,
    cid: number,
    parms: ClassParms | null,
    reqpcredp: Cred | null,
    cldata: number,
  ): Errno {
    const { machine, services, shares } = this;
    const cause = CAUSE.fss_enterclass;
    if (reqpcredp !== null && !reqpcredp.setpriority) return EPERM;
    const uprilim = parms === null || parms.uprilim === NOCHANGE ? 0 : parms.uprilim!;
    const upri = parms === null || parms.upri === NOCHANGE ? uprilim : Math.min(parms.upri!, uprilim);

    this.leaveProject(t, cause);
    machine.set(KIND.fss_umdpri, t, fss_maxumdpri >> 1, cause);
    machine.set(KIND.fss_uprilim, t, uprilim, cause);
    machine.set(KIND.fss_upri, t, upri, cause);
    machine.set(KIND.fss_nice, t, niceOf(upri), cause);
    machine.set(KIND.fss_ticks, t, 0, cause);
    machine.set(KIND.fss_flags, t, 0, cause);
    machine.set(KIND.fss_runnable, t, 0, cause);
    this.setFsspri(t, 0n, cause);
    this.renewQuantum(t, cause);
    const fssproj = shares.find(services.processOf(t), services.cpupartOf(t));
    shares.join(fssproj, cause);
    machine.set(KIND.fss_proj, t, fssproj, cause);

    machine.set(KIND.t_cid, t, cid, cause);
    this.setCldata(t, cldata);
    this.fss_change_priority(t, cause);
    const state = machine.get(KIND.t_state, t);
    if (state === TS.RUN || state === TS.ONPROC || state === TS.WAIT) this.fss_active(t);

    this.fss_list.insert(cldata, t, services.listHash(t), cause);
    if (!this.fssexists) {
      this.fssexists = true;
      services.timeout(this.updateTimeout, services.hz);
    }
    return 0;
  }

  /** Frees a structure: of a thread that went to another class, or of one that fss_exit() has seen off. */
  fss_exitclass(cldata: number): void {
    const t = this.fss_list.threadOf(cldata);
    // A thread that entered the class anew has left its project by then, and is in it with another structure.
    if (this.cldata[t] === cldata) {
      this.leaveProject(t, CAUSE.fss_exitclass);
      this.cldata[t] = NONE;
    }
    this.fss_list.remove(cldata, CAUSE.fss_exitclass);
    this.fss_list.free(cldata);
  }

  /** A child has its parent's priority and project, a full quantum, and an internal priority of 0. */
  fss_fork(pt: number, ct: number): Errno {
    const { machine } = this;
    const cause = CAUSE.fss_fork;
    ASSERT(machine.get(KIND.t_state, ct) === TS.STOPPED, 'fss_fork', 'ct->t_state == TS_STOPPED');
    const fssproj = machine.get(KIND.fss_proj, pt);
    machine.set(KIND.fss_proj, ct, fssproj, cause);
    this.renewQuantum(ct, cause);
    machine.set(KIND.fss_umdpri, ct, machine.get(KIND.fss_umdpri, pt), cause);
    this.setFsspri(ct, 0n, cause);
    machine.set(KIND.fss_uprilim, ct, machine.get(KIND.fss_uprilim, pt), cause);
    machine.set(KIND.fss_upri, ct, machine.get(KIND.fss_upri, pt), cause);
    machine.set(KIND.fss_nice, ct, machine.get(KIND.fss_nice, pt), cause);
    machine.set(
      KIND.fss_flags,
      ct,
      machine.get(KIND.fss_flags, pt) & ~(FSSKPRI | FSSBACKQ | FSSRESTORE),
      cause,
    );
    this.shares.join(fssproj, cause);
    const cldata = this.fss_list.alloc();
    this.setCldata(ct, cldata);
    this.fss_list.insert(cldata, ct, this.services.listHash(ct), cause);
    return 0;
  }

  /** Child before parent; the parent gives up its CPU at a new priority, stored directly as in ts_forkret(). */
  fss_forkret(t: number, ct: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_forkret;
    ASSERT(machine.curthread === t, 'fss_forkret', 't == curthread');
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
    const { machine } = this;
    const cause = CAUSE.fss_parmsset;
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

  /** `t` ends: it leaves its project, while its structure lives on until CL_EXITCLASS. */
  fss_exit(t: number): void {
    this.leaveProject(t, CAUSE.fss_exit);
  }

  /** `t` returns to user mode: a kernel priority ends here. */
  fss_trapret(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_trapret;
    const cpu = machine.get(KIND.t_cpu, t);
    ASSERT(machine.curthread === t, 'fss_trapret', 't == curthread');
    ASSERT(machine.get(KIND.cpu_dispthread, cpu) === t, 'fss_trapret', 'cp->cpu_dispthread == t');
    ASSERT(machine.get(KIND.t_state, t) === TS.ONPROC, 'fss_trapret', 't->t_state == TS_ONPROC');
    if (!this.has(t, FSSKPRI)) return;
    services.THREAD_CHANGE_PRI(t, machine.get(KIND.fss_umdpri, t), cause);
    updateDispatchPri(machine, t, cause);
    this.clearFlags(t, FSSKPRI, cause);
    if (this.mustSurrender(t)) services.cpu_surrender(t);
  }

  /** `t` loses its CPU; sc_nopreempt is honoured or taken back as in ts_preempt(). */
  fss_preempt(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_preempt;
    ASSERT(machine.curthread === t, 'fss_preempt', 't == curthread');
    ASSERT(machine.get(KIND.t_state, t) === TS.ONPROC, 'fss_preempt', 't->t_state == TS_ONPROC');

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

  /** `t` is about to sleep. A kernel priority of its last sleep ends. */
  fss_sleep(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_sleep;
    ASSERT(machine.curthread === t, 'fss_sleep', 't == curthread');
    ASSERT(machine.get(KIND.t_state, t) === TS.ONPROC, 'fss_sleep', 't->t_state == TS_ONPROC');
    this.fss_inactive(t);
    if (this.has(t, FSSKPRI)) {
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
      this.shares.charge(fssproj, machine.get(KIND.fss_nice, t), cause);
      machine.set(KIND.fss_ticks, t, machine.get(KIND.fss_ticks, t) + 1, cause);
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
      if (services.thread_change_pri(t, machine.get(KIND.fss_umdpri, t), false)) this.renewQuantum(t, cause);
      else call_cpu_surrender = true;
    } else if (isOutranked(machine, t)) {
      call_cpu_surrender = true;
    }

    if (call_cpu_surrender) {
      this.setFlags(t, FSSBACKQ, cause);
      services.cpu_surrender(t);
    }
  }

  /** `t` wakes up. Where it ran this very tick it goes to the front as it is, else it starts afresh at the back. */
  fss_wakeup(t: number): void {
    const { machine, services } = this;
    const cause = CAUSE.fss_wakeup;
    ASSERT(machine.get(KIND.t_state, t) === TS.SLEEP, 'fss_wakeup', 't->t_state == TS_SLEEP');
    this.fss_active(t);
    machine.set(KIND.t_stime, t, services.lbolt(), cause);
    this.clearFlags(t, FSSBACKQ, cause);
    if (!this.has(t, FSSKPRI)) {
      if (machine.get(KIND.t_disp_time, t) === services.lbolt()) {
        services.setfrontdq(t);
        return;
      }
      this.renewQuantum(t, cause);
      services.THREAD_CHANGE_PRI(t, machine.get(KIND.fss_umdpri, t), cause);
    }
    services.setbackdq(t);
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

  /** `t` has been bound to processor set `newcp`: its project competes there now, and its own past is forgotten. */
  fss_changepset(t: number, newcp: number): void {
    const { machine, services, shares } = this;
    const cause = CAUSE.fss_changepset;
    const fssproj_old = machine.get(KIND.fss_proj, t);
    if (machine.get(KIND.t_cid, t) !== CID.FSS || fssproj_old === NONE) return;
    const fssproj_new = shares.find(services.processOf(t), newcp);
    if (fssproj_new === fssproj_old) return;
    shares.join(fssproj_new, cause);
    const state = machine.get(KIND.t_state, t);
    const runnable = state === TS.RUN || state === TS.ONPROC || state === TS.WAIT;
    if (runnable) this.fss_inactive(t);
    machine.set(KIND.fss_proj, t, fssproj_new, cause);
    this.setFsspri(t, 0n, cause);
    if (runnable) this.fss_active(t);
    shares.leave(fssproj_old, cause);
  }

  /** Takes `t` out of the accounts of its project, if it is in one. */
  private leaveProject(t: number, cause: number): void {
    const { machine, shares } = this;
    const fssproj = machine.get(KIND.fss_proj, t);
    if (fssproj === NONE) return;
    if (machine.get(KIND.fss_runnable, t) !== 0) {
      shares.deactivate(fssproj, cause);
      machine.set(KIND.fss_runnable, t, 0, cause);
    }
    shares.leave(fssproj, cause);
    machine.set(KIND.fss_proj, t, NONE, cause);
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
    this.machine.set(KIND.fss_timeleft, t, this.fss_quantum, cause);
  }

  private setCldata(t: number, cldata: number): void {
    this.cldata = withRoom(this.cldata, t, NONE);
    this.cldata[t] = cldata;
  }

  private fsspri(t: number): bigint {
    return readWide(this.machine, KIND.fss_fsspri, KIND.fss_fsspri_high, t);
  }

  private setFsspri(t: number, value: bigint, cause: number): void {
    writeWide(this.machine, KIND.fss_fsspri, KIND.fss_fsspri_high, t, value, cause);
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

/** Nice value that goes with a user priority. */
function niceOf(upri: number): number {
  return Math.min(NZERO - Math.trunc((NZERO * upri) / fss_maxupri), FSS_NICE_MAX);
}

function validUpri(pri: number): boolean {
  return pri === NOCHANGE || (pri >= -fss_maxupri && pri <= fss_maxupri);
}
