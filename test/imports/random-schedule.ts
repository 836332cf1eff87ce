/**
 * A schedule made at random, as it happened: who ran where, who woke whom, who was made and who ended. It is the
 * truth that what is printed of it (print-schedule.ts) and then imported is held against.
 */

export interface Task {
  /** Which of the threads of this id it is is in its name. */
  readonly name: string;
  readonly tid: number;
}

export const IDLE: Task = { name: 'swapper', tid: 0 };

interface Happens {
  readonly timeUs: number;
  readonly cpu: number;
  /** Whom the kernel has on the CPU as it traces the event: the thread that leaves until a switch is done. */
  readonly current: Task;
}

/** In which state a thread leaves: preempted, preempted in the kernel, asleep (two kinds), dead, a zombie. */
export type LeaveLetter = 'R' | 'R+' | 'S' | 'D' | 'X' | 'Z';

export type ScheduleEvent = Happens &
  (
    | { readonly event: 'switch'; readonly from: Task; readonly state: LeaveLetter; readonly to: Task }
    | {
        readonly event: 'waking' | 'wakeup' | 'wakeupNew' | 'migrate';
        readonly task: Task;
        readonly target: number;
      }
    | { readonly event: 'fork'; readonly parent: Task; readonly child: Task }
    | { readonly event: 'exit'; readonly task: Task }
    | { readonly event: 'foreign'; readonly name: string; readonly fields: string }
  );

/** Times are microseconds since the first event. */
export interface Schedule {
  readonly cpus: number;
  readonly events: readonly ScheduleEvent[];
  /** What each thread did: `time state`, named as the trace shows them. */
  readonly states: ReadonlyMap<string, readonly string[]>;
  /** `CPU time thread`, in order; `idle` is none. */
  readonly runs: readonly string[];
  /** `time on the waker's CPU: thread`, of threads that could not run before. */
  readonly wakeups: readonly string[];
}

const FOREIGN: readonly (readonly [string, string])[] = [
  ['tlb_flush', 'pages:-1 reason:flush on task switch (0)'],
  ['x86_fpu_regs_activated', 'x86/fpu: 0xffff8881 initialized: 1 xfeatures: 3'],
  ['irq_handler_entry', 'irq=24 name=virtio0'],
  ['softirq_entry', 'vec=1 [action=TIMER]'],
  ['hrtimer_expire_entry', 'hrtimer=00000000a1b2 function=tick_nohz_handler now=100'],
  ['console', 'prev_pid=1 ==> next_comm=x'],
];

type Condition = 'running' | 'runnable' | 'asleep' | 'exiting' | 'ended';

interface Thread extends Task {
  condition: Condition;
  readonly isLeader: boolean;
}

/**
 * Lets what `choices` say happen: each is a number of microseconds to let pass, a CPU, what to do, and with whom.
 *
 * @param cpus how many CPUs
 * @param first how many threads there are before anything happens, asleep
 * @param reuses whether a new thread may have the id of one that has ended
 */
export function makeSchedule(
  cpus: number,
  first: number,
  reuses: boolean,
  choices: readonly (readonly [afterUs: number, cpu: number, what: number, whom: number])[],
): Schedule {
  const events: ScheduleEvent[] = [];
  const states: { name: string; timeUs: number; state: string }[] = [];
  const runs: { cpu: number; timeUs: number; name: string }[] = [];
  const wakeups: { timeUs: number; cpu: number; name: string }[] = [];
  const on: (Thread | null)[] = Array.from({ length: cpus }, () => null);
  const threads: Thread[] = [];
  const freeTids: number[] = [];
  let nextTid = 100;
  let timeUs = 0;

  const becomes = (thread: Thread, state: string): void => {
    states.push({ name: thread.name, timeUs, state });
  };
  const make = (condition: Condition, isLeader: boolean): Thread => {
    const tid = (reuses ? freeTids.shift() : undefined) ?? nextTid++;
    const thread = { name: `t${tid}.${threads.length}`, tid, condition, isLeader };
    threads.push(thread);
    return thread;
  };
  for (let i = 0; i < first; i++) make('asleep', true);

  const foreign = (cpu: number, current: Task, whom: number): void => {
    const [name, fields] = FOREIGN[whom % FOREIGN.length]!;
    events.push({ event: 'foreign', timeUs, cpu, current, name, fields });
  };
  const switches = (cpu: number, whom: number): void => {
    const from = on[cpu]!;
    const ready = threads.filter(({ condition }) => condition === 'runnable');
    const to = ready.length === 0 || (whom % 5 === 0 && from !== null) ? null : ready[whom % ready.length]!;
    if (from === null && to === null) return;
    let state: LeaveLetter = 'R';
    if (from !== null) {
      const letters: readonly LeaveLetter[] = ['R', 'S', 'R+', 'D', 'S'];
      state = letters[whom % letters.length]!;
      if (from.condition === 'exiting') state = from.isLeader ? 'Z' : 'X';
      if (to === null && state.startsWith('R')) state = 'S';
      if (state.startsWith('R')) {
        from.condition = 'runnable';
        becomes(from, 'RUN/preempted');
      } else if (from.condition === 'exiting') {
        from.condition = 'ended';
        freeTids.push(from.tid);
        becomes(from, 'ZOMB/exited');
      } else {
        from.condition = 'asleep';
        becomes(from, state === 'S' ? 'SLEEP/interruptible' : 'SLEEP/uninterruptible');
      }
    }
    events.push({
      event: 'switch',
      timeUs,
      cpu,
      current: from ?? IDLE,
      from: from ?? IDLE,
      state,
      to: to ?? IDLE,
    });
    on[cpu] = to;
    runs.push({ cpu, timeUs, name: to?.name ?? 'idle' });
    if (to !== null) {
      to.condition = 'running';
      becomes(to, 'ONPROC');
    }
    // Between the switch line and the switch: the kernel still has the thread that leaves.
    for (let i = whom % 3; i > 0; i--) foreign(cpu, from ?? IDLE, whom + i);
    if (whom % 2 === 0) {
      timeUs += whom % 4;
      foreign(cpu, to ?? IDLE, whom);
    }
  };

  for (const [afterUs, cpuChoice, what, whom] of choices) {
    timeUs += afterUs;
    const cpu = cpuChoice % cpus;
    const current = on[cpu]!;
    const asleep = threads.filter(({ condition }) => condition === 'asleep');
    switch (what % 8) {
      case 0:
      case 1: {
        const task = asleep[whom % Math.max(1, asleep.length)];
        if (task === undefined) break;
        const target = whom % cpus;
        becomes(task, 'RUN/woken');
        task.condition = 'runnable';
        wakeups.push({ timeUs, cpu, name: task.name });
        events.push({ event: 'waking', timeUs, cpu, current: current ?? IDLE, task, target });
        if (whom % 3 === 0) timeUs += 1;
        events.push({ event: 'wakeup', timeUs, cpu, current: current ?? IDLE, task, target });
        break;
      }
      case 2: {
        const ready = threads.filter(({ condition }) => condition === 'runnable');
        const task = ready[whom % Math.max(1, ready.length)];
        if (task === undefined) break;
        events.push({ event: 'migrate', timeUs, cpu, current: current ?? IDLE, task, target: whom % cpus });
        break;
      }
      case 3: {
        if (current === null || current.condition === 'exiting') break;
        const child = make('runnable', whom % 2 === 0);
        becomes(child, 'STOPPED/created');
        events.push({ event: 'fork', timeUs, cpu, current, parent: current, child });
        becomes(child, 'RUN/created');
        events.push({ event: 'wakeupNew', timeUs, cpu, current, task: child, target: cpu });
        wakeups.push({ timeUs, cpu, name: child.name });
        break;
      }
      case 4: {
        if (current === null || current.condition === 'exiting' || threads.length < 3) break;
        current.condition = 'exiting';
        events.push({ event: 'exit', timeUs, cpu, current, task: current });
        break;
      }
      case 5:
        foreign(cpu, current ?? IDLE, whom);
        break;
      default:
        switches(cpu, whom);
    }
  }
  const startUs = events[0]?.timeUs ?? 0;
  const at = (us: number): string => `${us - startUs}us`;
  const byThread = new Map<string, string[]>();
  for (const { name, timeUs: us, state } of states) {
    byThread.set(name, [...(byThread.get(name) ?? []), `${at(us)} ${state}`]);
  }
  return {
    cpus,
    events,
    states: byThread,
    runs: runs.map(({ cpu, timeUs: us, name }) => `${cpu} ${at(us)} ${name}`),
    wakeups: wakeups.map(({ cpu, timeUs: us, name }) => `${at(us)} on ${cpu}: ${name}`),
  };
}
