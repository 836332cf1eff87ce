/**
 * The transition vocabulary: every field of the machine that can change, one kind each.
 *
 * A transition assigns `new` to one field of one subject. So the machine's state is, for each kind, a
 * column indexed by subject; replay is assignment; and the state after any prefix of a trace is defined
 * bit for bit. Kernel fields carry the kernel's names.
 *
 * `subject` says which id the column is indexed by, and where a row carries that id:
 *
 * | subject | id is in row column | |
 * |---|---|---|
 * | lwp     | `lwp`    | `object` is 0 (except `t_queue`: see there) |
 * | cpu     | `cpu`    | `object` is 0 |
 * | slot    | `object` | page ordinal * SLOT_ID_STRIDE + slot index; `lwp` is the holder of the slot, else -1 |
 * | page, process, sync, machine | `object` | `lwp` is the acting LWP, else -1 |
 *
 * For every subject but `cpu`, the row's `cpu` is where it happened, -1 where that is nowhere.
 * A kind marked `note` says that something happened and assigns nothing.
 */

import type { KindId } from '../base/brands.ts';

/** Slots of a page are numbered densely from `page * SLOT_ID_STRIDE`: room for an 8 KB page of 16-byte slots. */
export const SLOT_ID_STRIDE = 512;

/** In a row's `old` or `new`: the source does not tell the value, or its system has none. No field takes it. */
export const UNKNOWN_VALUE = -0x8000_0000;

export type Subject = 'lwp' | 'cpu' | 'process' | 'page' | 'slot' | 'sync' | 'machine';

/** How a value reads: for views, the generated reference and the SQL views. */
export type ValueFormat =
  | 'number'
  | 'hex32'
  | 'flag'
  | 'threadState'
  | 'scState'
  | 'scFlags'
  | 'classId'
  | 'tsFlags'
  | 'fxFlags'
  | 'fssFlags'
  | 'rtFlags'
  | 'offCpuReason'
  | 'lwp'
  | 'cpu'
  | 'process'
  | 'page'
  | 'slot'
  | 'sync'
  | 'queue'
  | 'ticks'
  | 'decision';

export interface KindSpec {
  readonly subject: Subject;
  /** Value before the first transition. */
  readonly initial: number;
  readonly format: ValueFormat;
  /** One line for people, with the unit where there is one. */
  readonly about: string;
  /** True where the row assigns no field. */
  readonly note?: true;
}

const lwp = (about: string, format: ValueFormat = 'number', initial = 0): KindSpec => ({
  subject: 'lwp',
  initial,
  format,
  about,
});
const cpu = (about: string, format: ValueFormat = 'number', initial = 0): KindSpec => ({
  subject: 'cpu',
  initial,
  format,
  about,
});
const slot = (about: string, format: ValueFormat = 'number', initial = 0): KindSpec => ({
  subject: 'slot',
  initial,
  format,
  about,
});
const of = (subject: Subject, about: string, format: ValueFormat = 'number', initial = 0): KindSpec => ({
  subject,
  initial,
  format,
  about,
});

/** Order is identity: a kind's id is its position. Append only; never reorder or remove. */
const specs = {
  // The thread (sys/thread.h)
  t_state: lwp('thread state', 'threadState'),
  t_pri: lwp('assigned priority'),
  t_epri: lwp('inherited priority'),
  t_cpri: lwp('class priority, as priocntl shows it'),
  t_cid: lwp('scheduling class', 'classId'),
  t_cpu: lwp('CPU whose run queue the thread uses', 'cpu', -1),
  t_schedctl: lwp('slot of the shared structure; -1 where there is none', 'slot', -1),
  t_hold0: lwp('signals held, word 0', 'hex32'),
  t_hold1: lwp('signals held, word 1', 'hex32'),
  t_hold2: lwp('signals held, word 2', 'hex32'),
  t_sig0: lwp('signals pending, word 0', 'hex32'),
  t_sig1: lwp('signals pending, word 1', 'hex32'),
  t_sig2: lwp('signals pending, word 2', 'hex32'),
  t_sig_check: lwp('signals to look at before the next return to user mode', 'flag'),
  lwp_cursig: lwp('signal about to be taken, 0 for none'),
  t_unpark: lwp('an unpark has come that no park has used', 'flag'),
  t_trapret: lwp('class wants CL_TRAPRET at the next return to user mode', 'flag'),
  t_astflag: lwp('something to do at the next return to user mode', 'flag'),
  t_disp_time: lwp('tick at which the thread last left a CPU', 'ticks'),
  t_stime: lwp('tick at which the thread last went to sleep', 'ticks'),
  t_bound_cpu: lwp('CPU that the thread is bound to, -1 for none', 'cpu', -1),
  t_cpupart: lwp('processor set'),
  t_queue: {
    subject: 'lwp',
    initial: -1,
    format: 'queue',
    about:
      "queue that holds the thread, -1 for none; the row's object is the LWP just before it, -1 at the head",
  },
  t_wchan: lwp('synchronisation object waited for, spinning or asleep; -1 for none', 'sync', -1),
  off_cpu_reason: lwp('why the thread is not on a CPU', 'offCpuReason'),
  user_spin: lwp('user code is in a spin loop', 'flag'),
  ul_preempt: lwp("depth of libc's no_preempt() nesting"),
  lwp_alive: lwp('the LWP exists', 'flag'),

  // Time-sharing and interactive class (ts.h)
  ts_timeleft: lwp('ticks left of the quantum; below 0: past it', 'ticks'),
  ts_cpupri: lwp('system-controlled component of the user-mode priority'),
  ts_uprilim: lwp('limit on ts_upri'),
  ts_upri: lwp('user priority'),
  ts_umdpri: lwp('user-mode priority, cpupri + upri + boost within 0..59'),
  ts_nice: lwp('nice value, 0..39'),
  ts_boost: lwp('interactive boost'),
  ts_dispwait: lwp('seconds since the start of the quantum'),
  ts_scpri: lwp('priority remembered while nopreempt raises it'),
  ts_flags: lwp('TS and IA flags', 'tsFlags'),

  // Fixed-priority class (fx.h)
  fx_timeleft: lwp('ticks left of the quantum', 'ticks'),
  fx_pquantum: lwp('quantum in ticks, -2 infinite', 'ticks'),
  fx_pri: lwp('user priority'),
  fx_uprilim: lwp('limit on fx_pri'),
  fx_nice: lwp('nice value'),
  fx_flags: lwp('FX flags', 'fxFlags'),

  // Fair-share class (fss.h)
  fss_timeleft: lwp('ticks left of the quantum', 'ticks'),
  fss_fsspri: lwp('internal priority, low word: the higher, the later the thread runs', 'hex32'),
  fss_fsspri_high: lwp('internal priority, high word', 'hex32'),
  fss_umdpri: lwp('user-mode priority'),
  fss_upri: lwp('user priority'),
  fss_uprilim: lwp('limit on fss_upri'),
  fss_nice: lwp('nice value'),
  fss_scpri: lwp('priority remembered while nopreempt raises it'),
  fss_flags: lwp('FSS flags', 'fssFlags'),
  fss_ticks: lwp('ticks used since the last recomputation', 'ticks'),
  fss_proj: lwp('project within its processor set that is charged, -1 for none', 'number', -1),
  fss_runnable: lwp('counts among the runnable threads of its project', 'flag'),

  // Real-time class (rt.h)
  rt_timeleft: lwp('ticks left of the quantum', 'ticks'),
  rt_pquantum: lwp('quantum in ticks', 'ticks'),
  rt_pri: lwp('priority within the class'),
  rt_flags: lwp('RT flags', 'rtFlags'),

  // The CPU and its dispatcher queues (sys/cpuvar.h, sys/disp.h)
  cpu_dispthread: cpu('thread on this CPU, -1 when idle', 'lwp', -1),
  cpu_dispatch_pri: cpu('priority of the thread on this CPU, -1 when idle', 'number', -1),
  cpu_runrun: cpu('preempt at the next return to user mode', 'flag'),
  cpu_kprunrun: cpu('preempt in the kernel, too', 'flag'),
  cpu_chosen_level: cpu('priority last chosen for this CPU', 'number', -1),
  cpu_online: cpu('the CPU takes threads', 'flag'),
  cpu_part: cpu('processor set of the CPU'),
  disp_maxrunpri: cpu('highest priority on the queue, -1 when empty', 'number', -1),
  disp_max_unbound_pri: cpu('highest priority of an unbound thread on the queue, -1 for none', 'number', -1),
  disp_nrunnable: cpu('threads on the queue'),
  disp_steal: cpu(
    'tick until which the queue is left alone by other CPUs: 0, the source only ever clears it',
    'ticks',
  ),

  // The shared structure (sys/schedctl.h), 16 bytes for each LWP that asked
  sc_state: slot('state of the LWP as user code sees it', 'scState'),
  sc_sigblock: slot('user asks: block all maskable signals'),
  sc_flgs: slot('park, cancel and EINTR flags', 'scFlags'),
  sc_cpu: slot(
    'CPU on which the LWP last ran; every store is a row, whether it changes the value or not',
    'cpu',
  ),
  sc_cid: slot('scheduling class', 'classId'),
  sc_cpri: slot('class priority'),
  sc_priority: slot('dispatch priority, cut to 8 bits'),
  sc_pad: slot('padding'),
  sc_nopreempt: slot('user asks: do not preempt me now; of an rseq area: an extension is granted'),
  sc_yield: slot('kernel answers: yield soon'),
  slot_allocated: slot("the slot's bit in its page's bitmap", 'flag'),
  slot_lwp: slot('LWP that holds the slot, -1 for none', 'lwp', -1),

  // Pages and address spaces (schedctl.c, vm)
  page_process: of('page', 'process on whose list the page is, -1 for none', 'process', -1),
  spc_space: of('page', 'free bytes on the page'),
  page_references: of('page', 'references to the anonymous memory'),
  page_kernel_mapping: of('page', 'the kernel mapping of the page exists', 'flag'),
  live_anon_maps: of('machine', 'live anonymous maps'),
  live_kernel_pages: of('machine', 'live kernel pages'),
  live_anon_pages: of('machine', 'live anonymous pages'),
  live_kernel_heap: of('machine', 'bytes of kernel heap in page controls and bitmaps'),

  // Processes
  p_alive: of('process', 'the process exists', 'flag'),
  p_lwpcnt: of('process', 'LWPs of the process'),
  p_as: of('process', 'address space, -1 for none', 'number', -1),
  p_vfork: of('process', "a vfork child that borrows its parent's address space", 'flag'),
  p_sig0: of('process', 'signals pending for any LWP, word 0', 'hex32'),
  p_sig1: of('process', 'signals pending for any LWP, word 1', 'hex32'),
  p_sig2: of('process', 'signals pending for any LWP, word 2', 'hex32'),

  // Locks and other synchronisation objects
  sync_owner: of('sync', 'LWP that holds the lock, -1 for none', 'lwp', -1),
  sync_waiters: of('sync', 'LWPs that spin or sleep for it'),
  sync_count: of('sync', 'count of a semaphore'),

  // The machine
  lbolt: of('machine', 'clock ticks since the start', 'ticks'),
  kp_maxrunpri: of(
    'machine',
    "highest priority on a processor set's kernel-preempt queue, by set",
    'number',
    -1,
  ),

  // Accounts of the fair-share class (fss.h): fssproj_t and fsszone_t by number as they first appear (further
  // fields are at the end), fsspset_t by number of the processor set. One without threads holds zeros.
  fssp_threads: of('machine', 'threads of a project'),
  fssp_runnable: of('machine', 'runnable threads of a project'),
  fssp_shares: of('machine', 'shares of a project, as of its last fss_update()'),
  fssp_ticks: of('machine', 'cost of the ticks that a project used in this second'),
  fssp_usage: of('machine', 'decayed usage of a project, low word', 'hex32'),
  fssp_usage_high: of('machine', 'decayed usage of a project, high word', 'hex32'),
  fssp_shusage: of('machine', 'usage of a project for its shares, low word', 'hex32'),
  fssp_shusage_high: of('machine', 'usage of a project for its shares, high word', 'hex32'),
  fssz_shares: of('machine', 'shares of the active projects of a zone in a processor set'),
  fssz_runnable: of('machine', 'active projects of a zone in a processor set'),
  fssps_shares: of('machine', 'shares of the active zones of a processor set'),
  fssps_maxfsspri: of('machine', 'highest internal priority of a processor set, low word', 'hex32'),
  fssps_maxfsspri_high: of('machine', 'highest internal priority of a processor set, high word', 'hex32'),

  // Notes: something happened, no field changed
  decision: {
    subject: 'lwp',
    initial: 0,
    format: 'decision',
    about:
      'preemption control decided: object = outcome, old = timeleft compared (-2147483648: none, or not known), new = what would have happened without nopreempt',
    note: true,
  },
  events_lost: {
    subject: 'cpu',
    initial: 0,
    format: 'number',
    about: 'import: the source lost events on this CPU; new = how many, -1 if unknown',
    note: true,
  },
  chain_broken: {
    subject: 'cpu',
    initial: 0,
    format: 'lwp',
    about: 'import: the source shows no switch to the thread that now leaves; old = expected, new = found',
    note: true,
  },
  user_mark: {
    subject: 'lwp',
    initial: 0,
    format: 'number',
    about: 'a mark made by the program itself; object = its number',
    note: true,
  },

  // Lists of the threads of TS and IA (ts.h), and of FSS (fss.h): the order in which the update visits them.
  // A list is made of tsproc_t or fssproc_t, by number; while a thread enters its class anew it has two.
  ts_tp: of('machine', 'thread of a tsproc_t', 'lwp', -1),
  ts_next: of('machine', 'tsproc_t behind a tsproc_t on its list, -1 at the end', 'number', -1),
  ts_plisthead: of('machine', 'first tsproc_t of each of the 16 lists, -1 when it is empty', 'number', -1),
  ts_update_marker: of('machine', 'list at which the next ts_update() begins'),
  fss_tp: of('machine', 'thread of a fssproc_t', 'lwp', -1),
  fss_next: of('machine', 'fssproc_t behind a fssproc_t on its list, -1 at the end', 'number', -1),
  fss_listhead: of('machine', 'first fssproc_t of each of the 16 lists, -1 when it is empty', 'number', -1),
  fss_update_marker: of('machine', 'list at which the next fss_update() begins'),

  spc_uaddr: of('page', 'user address of the page in the process that set it up'),
  cpu_event_refused: {
    subject: 'cpu',
    initial: 0,
    format: 'number',
    about: 'psradm or psrset was refused; new = error number, object = processor set asked for, -1 for none',
    note: true,
  },

  // Projects and zones (sys/project.h, sys/zone.h), by number: project 0 is `system` of the global zone, zone 0 is
  // the global zone; others in the order of the scenario, from 1
  p_project: of('process', 'project of the process', 'number', 1),
  kpj_zone: of('machine', 'zone of a project'),
  kpj_shares: of('machine', 'project.cpu-shares of a project', 'number', 1),
  zone_shares: of('machine', 'zone.cpu-shares of a zone', 'number', 1),

  // Accounts of the fair-share class, continued
  fssp_proj: of('machine', 'project of a fssproj_t', 'number', -1),
  fssp_pset: of('machine', 'processor set of a fssproj_t', 'number', -1),
  fssp_fsszone: of('machine', 'fsszone_t of a fssproj_t', 'number', -1),
  fssp_next: of('machine', 'fssproj_t behind a fssproj_t of its processor set, -1 at the end', 'number', -1),
  fssz_zone: of('machine', 'zone of a fsszone_t', 'number', -1),
  fssz_pset: of('machine', 'processor set of a fsszone_t', 'number', -1),
  fssz_rshares: of('machine', 'shares of the zone itself, as of its last fss_update()'),
  fssz_nproj: of('machine', 'projects of a zone that have threads in a processor set'),
  fssps_list: of('machine', 'fssproj_t of a processor set that came last, -1 for none', 'number', -1),
  fssps_nproj: of('machine', 'projects that have threads in a processor set'),
  fss_quantum: of('machine', 'quantum of the fair-share class', 'ticks', 11),

  t_kpri_req: lwp('kernel priority is asked for, until the next return to user mode'),
  rt_tqsignal: lwp('signal at the end of the quantum, 0 for none'),

  // Linux: the rseq time slice extension
  slice_timer: {
    subject: 'lwp',
    initial: 0,
    format: 'lwp',
    about:
      'the timer of a granted extension is armed; object = its length in ns, old = ns since the reschedule was asked for, new = LWP whose wake-up asked, cause = what asked; -1 for none or unknown',
    note: true,
  },
  slice_syscall: {
    subject: 'lwp',
    initial: 0,
    format: 'number',
    about: 'the system call that ends a granted extension; object = syscall.id',
    note: true,
  },
} as const satisfies Record<string, KindSpec>;

export type KindName = keyof typeof specs;

/** Kind ids by name: `KIND.sc_nopreempt`. */
export const KIND: { readonly [Name in KindName]: KindId } = Object.fromEntries(
  Object.keys(specs).map((name, index) => [name, index]),
) as { [Name in KindName]: number };

/** Kind names by id. */
export const KIND_NAMES = Object.keys(specs) as readonly KindName[];

/** Kind specifications by id. */
export const KIND_SPECS: readonly KindSpec[] = Object.values(specs);

export const KIND_COUNT = KIND_SPECS.length;
