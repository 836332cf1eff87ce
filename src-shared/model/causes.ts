/**
 * Causes: which function made a transition. Kernel and libc functions carry their own names.
 *
 * `by` tells who wrote: the kernel, user code (libc or the program), the machine (clock, devices,
 * set-up), or an importer reading another tool's trace.
 */
import type { CauseId } from '../base/brands.ts';

export type CauseSide = 'kernel' | 'user' | 'machine' | 'import';

interface CauseSpec {
  readonly by: CauseSide;
  readonly about: string;
}

const kernel = (about: string): CauseSpec => ({ by: 'kernel', about });
const user = (about: string): CauseSpec => ({ by: 'user', about });
const machine = (about: string): CauseSpec => ({ by: 'machine', about });
const imported = (about: string): CauseSpec => ({ by: 'import', about });

/** Order is identity: append only. */
const specs = {
  setup: machine('initial state of the scenario'),
  clock: machine('the clock interrupt'),
  scenario: machine('an event that the scenario asked for'),

  // schedctl.c
  schedctl: kernel('the schedctl system call'),
  schedctl_lwp_cleanup: kernel('an LWP with a slot exits'),
  schedctl_proc_cleanup: kernel('a process execs or exits'),
  schedctl_save: kernel('context operation: switched out'),
  schedctl_restore: kernel('context operation: switched in'),
  schedctl_fork: kernel('context operation: forked'),
  schedctl_set_nopreempt: kernel('schedctl_set_nopreempt'),
  schedctl_set_yield: kernel('schedctl_set_yield'),
  schedctl_set_cidpri: kernel('class or priority changed'),
  schedctl_finish_sigblock: kernel('the kernel acts on sc_sigblock'),
  schedctl_cancel_eintr: kernel('a cancelled system call returns EINTR'),
  schedctl_set_park: kernel('schedctl_set_park'),
  schedctl_unpark: kernel('return from lwp_park'),
  schedctl_shared_alloc: kernel('a slot is allocated'),
  schedctl_freepage: kernel('a page is freed'),
  schedctl_getpage: kernel('a page is set up'),

  // Scheduling classes
  ts_tick: kernel('TS clock tick'),
  ts_preempt: kernel('TS preemption'),
  ts_yield: kernel('TS yield'),
  ts_sleep: kernel('TS goes to sleep'),
  ts_wakeup: kernel('TS wakes up'),
  ts_setrun: kernel('TS made runnable'),
  ts_trapret: kernel('TS returns to user mode'),
  ts_update: kernel('TS once-a-second update'),
  ts_fork: kernel('TS child made'),
  ts_forkret: kernel('TS fork completes'),
  ts_enterclass: kernel('enters TS'),
  ts_exitclass: kernel('leaves TS'),
  ts_parmsset: kernel('TS parameters set'),
  ts_donice: kernel('TS nice'),
  ts_change_priority: kernel('TS priority changed'),
  ia_parmsset: kernel('IA mode set'),
  ia_set_process_group: kernel('IA foreground group changes'),
  fx_tick: kernel('FX clock tick'),
  fx_preempt: kernel('FX preemption'),
  fx_yield: kernel('FX yield'),
  fx_sleep: kernel('FX goes to sleep'),
  fx_wakeup: kernel('FX wakes up'),
  fx_setrun: kernel('FX made runnable'),
  fx_trapret: kernel('FX returns to user mode'),
  fx_fork: kernel('FX child made'),
  fx_forkret: kernel('FX fork completes'),
  fx_enterclass: kernel('enters FX'),
  fx_exitclass: kernel('leaves FX'),
  fx_parmsset: kernel('FX parameters set'),
  fx_donice: kernel('FX nice'),
  fx_change_priority: kernel('FX priority changed'),
  fss_tick: kernel('FSS clock tick'),
  fss_preempt: kernel('FSS preemption'),
  fss_yield: kernel('FSS yield'),
  fss_sleep: kernel('FSS goes to sleep'),
  fss_wakeup: kernel('FSS wakes up'),
  fss_setrun: kernel('FSS made runnable'),
  fss_trapret: kernel('FSS returns to user mode'),
  fss_update: kernel('FSS once-a-second update'),
  fss_newpri: kernel('FSS priority recomputed'),
  fss_fork: kernel('FSS child made'),
  fss_forkret: kernel('FSS fork completes'),
  fss_enterclass: kernel('enters FSS'),
  fss_exitclass: kernel('leaves FSS'),
  fss_exit: kernel('an FSS thread ends'),
  fss_parmsset: kernel('FSS parameters set'),
  fss_donice: kernel('FSS nice'),
  fss_active: kernel('an FSS thread counts as runnable'),
  fss_inactive: kernel('an FSS thread no longer counts as runnable'),
  fss_decay_usage: kernel('FSS usage decays'),
  rt_tick: kernel('RT clock tick'),
  rt_preempt: kernel('RT preemption'),
  rt_yield: kernel('RT yield'),
  rt_wakeup: kernel('RT wakes up'),
  rt_setrun: kernel('RT made runnable'),
  rt_fork: kernel('RT child made'),
  rt_forkret: kernel('RT fork completes'),
  rt_enterclass: kernel('enters RT'),
  rt_parmsset: kernel('RT parameters set'),

  // Dispatcher and threads
  setbackdq: kernel('put at the back of a run queue'),
  setfrontdq: kernel('put at the front of a run queue'),
  dispdeq: kernel('taken off a run queue'),
  disp: kernel('the dispatcher picks a thread'),
  disp_getbest: kernel('an idle CPU takes a thread from another'),
  swtch: kernel('context switch'),
  resume: kernel('context switch, the new thread'),
  preempt: kernel('return to user mode with a preemption due'),
  cpu_resched: kernel('a better thread is runnable'),
  cpu_surrender: kernel('a CPU is asked to reschedule'),
  thread_change_pri: kernel('thread_change_pri'),
  thread_change_epri: kernel('thread_change_epri'),
  cpu_offline: kernel('a CPU is taken offline'),
  cpu_online: kernel('a CPU is brought online'),
  sleepq_insert: kernel('put on a sleep queue'),
  sleepq_wakeone: kernel('woken from a sleep queue'),
  sleepq_unsleep: kernel('taken off a sleep queue'),
  nanosleep: kernel('sleeps until a time'),
  timeout: kernel('a timer expires'),

  // Processes, signals, park
  lwp_create: kernel('an LWP is created'),
  lwp_exit: kernel('an LWP exits'),
  newproc: kernel('fork'),
  cfork: kernel('fork'),
  exec: kernel('exec'),
  proc_exit: kernel('a process exits'),
  munmap: kernel('user code unmaps a page'),
  lwp_park: kernel('lwp_park'),
  lwp_unpark: kernel('lwp_unpark'),
  sigtoproc: kernel('a signal is sent'),
  issig: kernel('signals are looked at'),
  psig: kernel('a signal is taken'),
  lwp_sigmask: kernel('the signal mask is set'),
  sigsuspend: kernel('waits for a signal with another mask'),
  sigtimedwait: kernel('waits for one of some signals'),
  pollsys: kernel('polls with another signal mask'),
  setcontext: kernel('a signal handler returns'),
  prhold: kernel('/proc sets the signal mask'),
  cv_wait_sig: kernel('sleeps until woken or until a signal comes'),
  stop: kernel('stopped'),
  continue: kernel('continued'),

  // libc and the program
  schedctl_start: user('the program asks not to be preempted'),
  schedctl_stop: user('the program withdraws the request'),
  yield: user('the program yields'),
  no_preempt: user('libc enters its own critical section'),
  preempt_libc: user('libc leaves its own critical section'),
  block_all_signals: user('libc blocks all signals'),
  lock_acquire: user('a lock is taken'),
  lock_release: user('a lock is released'),
  lock_wait: user('waits for a lock'),
  cond_wait: user('waits for a condition'),
  cond_signal: user('signals a condition'),
  sema_wait: user('waits for a semaphore'),
  sema_post: user('posts a semaphore'),
  spin: user('spins'),
  user_store: user('user code stores into the shared page'),
  cancel: user('cancellation'),

  // Importers
  sched_switch: imported('sched_switch'),
  sched_waking: imported('sched_waking'),
  sched_wakeup: imported('sched_wakeup'),
  sched_wakeup_new: imported('sched_wakeup_new'),
  sched_migrate_task: imported('sched_migrate_task'),
  sched_process_fork: imported('sched_process_fork'),
  sched_process_exec: imported('sched_process_exec'),
  sched_process_exit: imported('sched_process_exit'),
  import_gap: imported('the source lost events or broke off'),
  import_marker: imported('a marker in the source'),

  // Processor sets (cpupart.c)
  cpupart_move_cpu: kernel('a CPU is assigned to another processor set'),
  cpupart_move_thread: kernel('a thread is bound to another processor set'),

  // Linux: locks and the rseq time slice extension
  sched_switch_in_kernel: imported('sched_switch, preempted at a point inside the kernel (R+)'),
  sys_futex: imported('a futex system call'),
  contention_begin: imported('contention_begin: waits for a lock of the kernel'),
  contention_end: imported('contention_end'),
  rseq_register: imported("first sign of a thread's rseq area"),
  rseq_update: imported('rseq_update: the kernel stores the CPU into the rseq area'),
  rseq_grant_slice_extension: kernel('rseq: a time slice extension is granted'),
  sys_rseq_slice_yield: user('rseq: the program ends its extension in time'),
  rseq_slice_expired: kernel('rseq: the extension has run out'),
  rseq_slice_revoked: kernel('rseq: switched out in spite of the extension'),
  rseq_syscall_enter_work: kernel('rseq: a system call other than rseq_slice_yield ends the extension'),

  // FSS in processor sets (fss.c)
  fss_changepset: kernel('an FSS thread goes to its project in another processor set'),

  // Traces cut out of another
  cut: machine('the state at the start of a cut'),

  // Projects, zones and their shares (fss.c, task.c, rctl.c)
  fss_changeproj: kernel('an FSS thread goes to another project'),
  settaskid: kernel('a process goes to another project'),
  rctl_set: kernel('a resource control is set'),
  dispadmin: kernel('the administrator sets parameters of a class'),

  // Linux: what asks a CPU to reschedule
  hrtick: imported('hrtick: the running thread has used up its slice'),
  sched_tick: imported('the periodic tick of the scheduler'),

  // The rest of the dispatcher (disp.c, cpu.c)
  idle: kernel('the idle loop'),
  cpu_bind_thread: kernel('a thread is bound to a CPU, or no longer is'),

  // Traps (trap.c, vm_as.c)
  pagefault: kernel('a page fault: the page is mapped, or waited for'),
} as const satisfies Record<string, CauseSpec>;

export type CauseName = keyof typeof specs;

/** Cause ids by name: `CAUSE.ts_tick`. */
export const CAUSE: { readonly [Name in CauseName]: CauseId } = Object.fromEntries(
  Object.keys(specs).map((name, index) => [name, index]),
) as { [Name in CauseName]: number };

/**
 * Causes of stores into sc_cpu by which the kernel says where an LWP was switched in: schedctl_restore(), and what
 * rseq has for it. Others are none: the system call zeroes a new slot, a cut begins with what a slot held.
 */
export const SC_CPU_UPDATE_CAUSES: readonly number[] = [CAUSE.schedctl_restore, CAUSE.rseq_update];

/** Functions that decide about a time slice extension of Linux: it has no ticks and no sc_yield. */
const SLICE_EXTENSION_CAUSES: ReadonlySet<number> = new Set([
  CAUSE.rseq_grant_slice_extension,
  CAUSE.sys_rseq_slice_yield,
  CAUSE.rseq_slice_expired,
  CAUSE.rseq_slice_revoked,
  CAUSE.rseq_syscall_enter_work,
]);

/** Whether a function of the rseq time slice extension wrote the row. */
export const isSliceExtension = (cause: CauseId): boolean => SLICE_EXTENSION_CAUSES.has(cause);

/** Cause names by id. */
export const CAUSE_NAMES = Object.keys(specs) as readonly CauseName[];

/** Cause specifications by id. */
export const CAUSE_SPECS: readonly CauseSpec[] = Object.values(specs);
