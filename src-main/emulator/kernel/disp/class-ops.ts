/**
 * The seam between the dispatcher and the scheduling classes.
 *
 * {@link ClassOps} is the function table of one class (sys/class.h: `class_ops_t` and `thread_ops_t`), and
 * {@link ClassServices} is what a class calls in return: dispatcher, threads, processes, timeouts, probes.
 * Threads are LWP ordinals, processes are process ordinals; a thread's fields are columns of the machine
 * state, so nothing here passes objects about.
 *
 * Locks: the emulator runs one function at a time, so there are none. Where the C asserts that a lock is
 * held, {@link ClassServices} answers for the caller.
 *
 * Hot: the functions from `cl_trapret` to `cl_yield` allocate nothing.
 */
import type { EINVAL, ENOSYS, EPERM, ERANGE } from '../../errno.ts';
import type { Machine } from '../../machine.ts';
import type { Swapper } from './swapper-state.ts';
import type { TsDptbl } from './ts-dptbl.ts';

export { SC_MAX_TICKS } from '#shared/model/sc-shared.ts';

/** What a class returns: 0 for success, else an error number. */
export type Errno = 0 | typeof EPERM | typeof EINVAL | typeof ERANGE | typeof ENOSYS;

/** "Leave as it is" in a parameter structure: TS_NOCHANGE, IA_NOCHANGE, FX_NOCHANGE, FSS_NOCHANGE. RT has its own. */
export const NOCHANGE = -32768;
/** Ticks by which a thread may outstay its quantum on the strength of sc_nopreempt (sys/schedctl.h). */
/** The nice value of a process that asked for nothing (sys/param.h). */
export const NZERO = 20;
/** Lowest global priority of SYS threads: what a thread gets that asks for kernel priority (minclsyspri). */
export const minclsyspri = 60;

/** What of a credential a class looks at; the NULL credential (the kernel itself) is `null`. */
export interface Cred {
  /** secpolicy_setpriority() and secpolicy_raisepriority() allow. */
  readonly setpriority: boolean;
  /** Member of the group that may change the interactive mode (IA_gid, 0). */
  readonly iaGroup: boolean;
}

/**
 * Class parameters of priocntl, as plain numbers by name: `uprilim` and `upri` (TS, IA, FX, FSS), `mode`
 * (IA), `tqsecs` and `tqnsecs` (FX, RT), `pri` and `tqsig` (RT). Out-parameters use the same names.
 */
export type ClassParms = Record<string, number>;

/** The same by key, as pairs of a key and a value of 64 bits (pc_vaparms_t). */
export type VaParms = readonly (readonly [key: number, value: number])[];
/** The most pairs that there may be (sys/priocntl.h). */
export const PC_VAPARMCNT = 8;

/** A value as a pri_t: a signed short. */
export function asPri(value: number): number {
  return (value << 16) >> 16;
}

/** A timeout() handler: called by the clock when its ticks have passed. */
export interface ClassTimeout {
  /** The C function: `ts_update`, `fss_update`. */
  readonly name: string;
  run(): void;
}

/** Outcome of CL_DONICE and CL_DOPRIO. */
export interface NiceResult {
  readonly error: Errno;
  /** What was stored through the result pointer; undefined when nothing was. */
  readonly retval: number | undefined;
}

/** What CL_ADMIN asks of a class (dispadmin(8)). */
export type AdminRequest =
  /** Replace the dispatch table of TS and IA. */
  | { readonly cmd: 'TS_SETDPTBL'; readonly dptbl: TsDptbl }
  /** Set the quantum of FSS, ticks. */
  | { readonly cmd: 'FSS_SETADMIN'; readonly fss_quantum: number }
  /** Replace the quanta of the RT dispatch table: ticks, or -2 for an infinite one, by level. */
  | { readonly cmd: 'RT_SETDPTBL'; readonly quanta: readonly number[] };

/** The function table of a class. `t` is the thread; names are those of sys/class.h. */
export interface ClassOps {
  /** Name as priocntl -l shows it: SYS, TS, IA, FX, FSS, RT. */
  readonly name: string;
  /** Class id (enums.ts, CID). */
  readonly cid: number;

  // class_ops_t
  /** CL_ADMIN: EINVAL for a request that is not the class's own or does not hold, EPERM without privilege. */
  cl_admin(request: AdminRequest, cred: Cred | null): Errno;
  /** Range of user priorities for views and validation: [lowest, highest]. */
  cl_getclpri(): readonly [minimum: number, maximum: number];
  /** CL_PARMSIN: checks, and fills in, parameters that came from user level. May change `parms`. */
  cl_parmsin(parms: ClassParms): Errno;
  /** CL_PARMSOUT: makes of what CL_PARMSGET gave what user level is shown. May change `parms`. */
  cl_parmsout(parms: ClassParms): Errno;
  /** CL_VAPARMSIN: the same as CL_PARMSIN for parameters by key, which it takes into `parms`. */
  cl_vaparmsin(vaparms: VaParms, parms: ClassParms): Errno;
  /** CL_ALLOC: the class's own structure for one thread, as a handle (a tsproc_t *, an fxproc_t *). */
  cl_alloc(): number;
  /** CL_FREE: gives back a structure that no thread entered with. */
  cl_free(cldata: number): void;
  /** t_cldata: the structure that `t` entered with, for CL_EXITCLASS. */
  t_cldata(t: number): number;

  // thread_ops_t
  /** CL_ENTERCLASS: on error nothing has changed. The caller calls schedctl_set_cidpri(t) afterwards. */
  cl_enterclass(t: number, cid: number, parms: ClassParms | null, cred: Cred | null, cldata: number): Errno;
  /** CL_CANEXIT: may `t` leave the class? */
  cl_canexit(t: number, cred: Cred | null): Errno;
  /** CL_EXITCLASS: frees a structure whose thread has left for another class or is gone. */
  cl_exitclass(cldata: number): void;
  /** CL_FORK: `ct` gets its class structure; `t` is curthread. The caller then copies t_cid. */
  cl_fork(t: number, ct: number): Errno;
  /** CL_FORKRET: the parent `t` (curthread) is back from fork; sets the child's LWPs running. Not for vfork. */
  cl_forkret(t: number, ct: number): void;
  cl_parmsget(t: number): ClassParms;
  /** CL_PARMSSET: the caller calls schedctl_set_cidpri(t) after success. */
  cl_parmsset(t: number, parms: ClassParms, reqpcid: number, cred: Cred | null): Errno;
  /** CL_STOP: `t` is about to stop. */
  cl_stop(t: number): void;
  /** CL_EXIT: `t` is about to end. */
  cl_exit(t: number): void;
  /** CL_ACTIVE and CL_INACTIVE: `t` begins or ends to count as runnable (wait queues). */
  cl_active(t: number): void;
  cl_inactive(t: number): void;
  /** CL_SWAPIN: how much `t` deserves to be swapped in, -1 for not at all. */
  cl_swapin(t: number, swapper: Swapper): number;
  /** CL_SWAPOUT: how much it deserves to be swapped out; `soft` while memory is not short. */
  cl_swapout(t: number, swapper: Swapper, soft: boolean): number;
  /** CL_TRAPRET: `t` (curthread, with t_trapret set) returns to user mode. */
  cl_trapret(t: number): void;
  /** CL_PREEMPT: `t` (curthread) loses its CPU; puts it on a run queue. */
  cl_preempt(t: number): void;
  /** CL_SETRUN: `t` becomes runnable without having slept; puts it on a run queue. */
  cl_setrun(t: number): void;
  /** CL_SLEEP: `t` (curthread) is about to sleep; the caller then puts it on a sleep queue. */
  cl_sleep(t: number): void;
  /** CL_TICK: a clock tick found `t` on a CPU. */
  cl_tick(t: number): void;
  /** CL_WAKEUP: `t` is off its sleep queue; puts it on a run queue. */
  cl_wakeup(t: number): void;
  cl_donice(t: number, cred: Cred | null, incr: number): NiceResult;
  cl_doprio(t: number, cred: Cred | null, incr: number): NiceResult;
  /** CL_GLOBPRI: the global priority that `t` would have in user mode. */
  cl_globpri(t: number): number;
  /** CL_SET_PROCESS_GROUP: the terminal of session `sid` moved its foreground from group `bg` to `fg` (0: none). */
  cl_set_process_group(sid: number, bg: number, fg: number): void;
  /** CL_YIELD: `t` (curthread) gives up its CPU by yield(); puts it on a run queue. */
  cl_yield(t: number): void;
}

/** Probes of the `sched` provider that classes fire. */
export type ClassProbe =
  'schedctl-nopreempt' | 'schedctl-preempt' | 'schedctl-failsafe' | 'schedctl-yield' | 'change-pri';

/** What a class calls. The engine implements it; the conformance driver implements it as a recorder of calls. */
export interface ClassServices {
  readonly machine: Machine;
  /** Clock ticks a second (hz). */
  readonly hz: number;
  /** Processor set (cpupart) of `t`: index of its kp_maxrunpri. */
  cpupartOf(t: number): number;

  // disp.c, thread.c
  /** Puts `t` at the front of the run queue for DISP_PRIO(t) of some CPU; t_state becomes TS_RUN. */
  setfrontdq(t: number): void;
  /** Puts `t` at the back of the run queue for DISP_PRIO(t) of some CPU; t_state becomes TS_RUN. */
  setbackdq(t: number): void;
  /** Asks the CPU that runs `t` to reschedule; nothing where `t` is not on a CPU. */
  cpu_surrender(t: number): void;
  /** Changes t_pri and requeues `t` where it is queued; true if it was on a run queue (disp/thread.ts). */
  thread_change_pri(t: number, pri: number, front: boolean): boolean;
  /** THREAD_CHANGE_PRI: changes t_pri and, of all else, only the shared structure (disp/thread.ts). */
  THREAD_CHANGE_PRI(t: number, pri: number, cause: number): void;
  /** Gives up the CPU of the current thread, which a class has just put on a run queue. */
  swtch(): void;

  // schedctl.c: class-schedctl.ts implements these
  /** sc_nopreempt of `t`, 0 where it has no shared structure. */
  schedctl_get_nopreempt(t: number): number;
  /** Stores sc_nopreempt where there is a shared structure. */
  schedctl_set_nopreempt(t: number, value: number): void;
  /** Stores sc_yield where there is a shared structure. */
  schedctl_set_yield(t: number, value: number): void;

  // Processes
  /** Process of a thread (ttoproc). */
  processOf(t: number): number;
  /** The threads of a process in list order (p_tlist): calls `visit` for each. */
  forEachThread(p: number, visit: (t: number) => void): void;
  /** The processes of a process group, newest first (pgfind, p_pglink). */
  forEachInGroup(pgid: number, visit: (p: number) => void): void;
  /** p_pid. */
  pidOf(p: number): number;
  /** p_pgrp. */
  groupOf(p: number): number;
  /** Session id of a process (p_sessp->s_sid). */
  sessionOf(p: number): number;
  /** Process of that pid, NONE where there is none (prfind). */
  processByPid(pid: number): number;
  /** First thread of a process (proctot), NONE where it has none. */
  firstThread(p: number): number;
  /** The session of a process has a controlling terminal (s_vp). */
  hasTerminal(p: number): boolean;
  /** Foreground process group of the controlling terminal of a process, 0 for none (TIOCGPGRP). */
  foregroundOf(p: number): number;
  /** p_stat == SIDL: the process is still being made. */
  isBeingMade(p: number): boolean;
  /** Sets the stopped LWPs of a process running, by CL_SETRUN of each (continuelwps). */
  continuelwps(p: number): void;
  /** MUTEX_HELD(&p->p_lock). Always true in the emulator; the conformance driver says otherwise on demand. */
  p_lockHeld(p: number): boolean;
  /** MUTEX_HELD(&pidlock), likewise. */
  pidlockHeld(): boolean;
  /** t_lwp is not NULL: the thread is an LWP. */
  hasLwp(t: number): boolean;
  /** t_state is TS_FREE: the thread is gone, and its structures are being freed. */
  isFree(t: number): boolean;
  /** Sends a signal to `t` (sigtoproc). */
  sigtoproc(p: number, t: number, signal: number): void;
  /**
   * TS_RUNQMATCH of `t`: setbackdq() balances its queue exactly, whatever the priority. FSS sets it, the others clear
   * it.
   */
  setRunqMatch(t: number, match: boolean): void;
  /** Null where there is no swapper: every thread is loaded. */
  readonly swapper: Swapper | null;

  /** ddi_get_lbolt(): ticks since the start. */
  lbolt(): number;
  /** Calls `handler.run()` after `ticks` ticks (timeout(9F)). */
  timeout(handler: ClassTimeout, ticks: number): void;
  /** Which of the 16 hashed lists of its class a new structure of `t` goes to (TS_LIST_HASH of its address). */
  listHash(t: number): number;
  /** A probe of the `sched` provider; `x` is the thread, or the number that the probe carries. */
  probe(name: ClassProbe, x: number, pri?: number): void;
}
