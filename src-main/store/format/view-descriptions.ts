/** What the views of views.ts show, column by column, for help and for the reference. */

interface ViewDescription {
  readonly about: string;
  /** In the order of the view. */
  readonly columns: Readonly<Record<string, string>>;
}

const LWP = 'LWP (thread), as in the table lwp';
const LWP_NAME = 'its name';
const START = 'first nanosecond';
const END = 'nanosecond after the last';
const DURATION = 'length in microseconds';

export const VIEW_DESCRIPTIONS: Readonly<Record<string, ViewDescription>> = {
  v_event: {
    about: 'Every state transition with its names.',
    columns: {
      seq: 'sequence, from 1 without gaps',
      time_ns: 'nanoseconds since the start',
      time_ms: 'the same in milliseconds',
      kind: 'which field was assigned',
      cpu: 'CPU on which it happened, or that it is about; -1 for none',
      lwp: 'LWP that it is about, or that acted; -1 for none',
      lwp_name: LWP_NAME,
      object: 'slot, page, process, sync object, or 0; by kind',
      cause: 'which function wrote it',
      written_by: 'kernel, user, machine or import',
      old_value: 'value before, null where it is not known',
      new_value: 'value after, null where it is not known',
    },
  },
  v_lwp: {
    about: 'Threads with their processes.',
    columns: {
      id: LWP,
      name: 'name of the thread',
      lwp_number: 'LWP number in its process (illumos) or thread id (Linux)',
      pid: 'process id',
      process: 'name of the process',
    },
  },
  v_lwp_state: {
    about: 'State intervals of each thread.',
    columns: {
      lwp: LWP,
      lwp_name: LWP_NAME,
      state: 'running, spinning, runnable, preempted, sleeping, blocked, parked, stopped or unknown',
      start_ns: START,
      end_ns: END,
      duration_us: DURATION,
      cpu: 'CPU where it is or was, -1 for none yet',
      preempted_by: 'thread that took its CPU',
      waits_for: 'lock, condition or semaphore that it waits for',
      holds_lock: '1 where it holds a lock',
    },
  },
  v_cpu_run: {
    about: 'Runs of threads on each CPU.',
    columns: {
      cpu: 'CPU number',
      lwp: LWP,
      lwp_name: LWP_NAME,
      start_ns: START,
      end_ns: END,
      duration_us: DURATION,
    },
  },
  v_nopreempt_window: {
    about:
      'Nopreempt windows: requests not to be preempted, and how each ended. A time is null if the step never happened.',
    columns: {
      lwp: LWP,
      lwp_name: LWP_NAME,
      ended: 'unused, honoured, overrun, forced, abandoned, open; Linux: aborted or endedByCall, too',
      start_ns: 'sc_nopreempt set; Linux: the extension is granted',
      end_ns: 'sc_nopreempt cleared',
      duration_us: DURATION,
      first_deferred_ns: 'first time that the kernel let it run on',
      yield_asked_ns: 'sc_yield set',
      yielded_ns: 'yield() that answered',
      deferrals: 'times that the kernel let it run on',
      start_seq: 'event.seq of the start',
      end_seq: 'event.seq of the end',
    },
  },
  v_decision: {
    about: 'Decisions of preemption control.',
    columns: {
      seq: 'event.seq',
      time_ns: 'when',
      lwp: LWP,
      lwp_name: LWP_NAME,
      cpu: 'CPU',
      outcome: 'what was decided',
      place: 'kernel function that decided',
      timeleft_ticks: 'ticks left of the quantum, as compared; null where none were, or it is not known',
      without_nopreempt: 'what would have happened without the request',
    },
  },
  v_slice_extension: {
    about:
      'Time slice extensions (rseq) that Linux granted with a timer: what asked for the CPU, and how each ended.',
    columns: {
      seq: 'event.seq of the grant',
      lwp: LWP,
      lwp_name: LWP_NAME,
      cpu: 'CPU',
      start_ns: 'granted',
      end_ns: 'ended, null where it did not',
      duration_us: DURATION,
      timer_ns: 'length of its timer, null where it is not known',
      asked_ns: 'when the reschedule was asked for, null where it was not seen',
      asked_by: 'what asked: sched_wakeup, hrtick, sched_tick; null where it was not seen',
      woken: 'LWP whose wake-up asked, null for none',
      woken_name: LWP_NAME,
      ended: 'yielded, expired, revoked, aborted, endedByCall; null where it did not end',
      syscall: 'system call that ended it, null where it is not known',
    },
  },
  v_lock_hold: {
    about: 'Each hold of a lock.',
    columns: {
      sync: 'lock, as in the table sync',
      lock: 'its name',
      lwp: LWP,
      lwp_name: LWP_NAME,
      start_ns: 'taken',
      end_ns: 'released',
      duration_us: DURATION,
    },
  },
  v_lock_wait: {
    about: 'Each wait for a lock, condition or semaphore, spinning or asleep.',
    columns: {
      sync: 'what it waited for, as in the table sync',
      lock: 'its name',
      lwp: LWP,
      lwp_name: LWP_NAME,
      start_ns: START,
      end_ns: END,
      duration_us: DURATION,
      held_by: 'thread that held it when the wait began',
    },
  },
  v_wakeup: {
    about: 'Each wake-up of a thread, and how long the thread then waited for a CPU.',
    columns: {
      wake_ns: 'when it became runnable',
      waker: 'LWP that ran on the CPU of the wake-up; -1 for a timer, an idle CPU, an external source',
      waker_name: LWP_NAME,
      lwp: 'LWP that was woken',
      lwp_name: LWP_NAME,
      run_ns: 'when it ran, null where it never did',
      latency_us: 'microseconds between the two',
      waker_cpu: 'CPU where it was woken, null for none',
      run_cpu: 'CPU where it ran, null where it never did',
      wake_seq: 'event.seq of the wake-up',
    },
  },
  v_finding: {
    about: 'What went wrong, and what went well, the worst first.',
    columns: {
      id: 'ordinal, from 1',
      detector: 'id of the detector',
      severity: 'high, medium, low or info',
      summary: 'one sentence',
      cost_us: "microseconds of threads' time waited because of it; below 0: saved",
      spin_us: 'part of the cost spent spinning',
      longest_us: 'longest delay of one thread in microseconds',
      start_ns: START,
      end_ns: END,
      lead: 'id of the finding that leads those with the same cause',
      confidence: '0 to 1',
      doubt: 'why confidence is below 1, null where it is not',
      causes: 'names of the threads that it comes from',
      objects: 'names of the locks or CPUs where it happened',
      victims: 'names of the threads that bore it, the worst first',
      advice: 'what to do',
    },
  },
  v_sc_cpu_update: {
    about: 'Stores into sc_cpu that say where a thread was switched in.',
    columns: {
      seq: 'event.seq',
      time_ns: 'when',
      lwp: LWP,
      lwp_name: LWP_NAME,
      old_cpu: 'CPU before',
      new_cpu: 'CPU stored',
    },
  },
  v_run_queue_length: {
    about: "Changes of a CPU's run queue.",
    columns: {
      seq: 'event.seq',
      time_ns: 'when',
      cpu: 'CPU number',
      threads: 'runnable threads from then on',
    },
  },
};
