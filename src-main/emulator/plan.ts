/**
 * What the emulator is asked to run: a validated scenario, with every name resolved to an index and every
 * duration in nanoseconds.
 *
 * The plan is plain data. It is made by `src-main/scenario` from YAML (and by tests directly); the emulator
 * trusts it. Each step carries the line it came from, so that an error at run time can name it.
 */
import type { CpuId, Ns, ProcessId } from '#shared/base/brands.ts';
import type { SYNC_KIND } from '#shared/model/enums.ts';

/** A random duration or a constant. Samples below `leastNs` or above `mostNs` are cut to them. */
export type DurationPlan =
  | { readonly kind: 'constant'; readonly ns: Ns }
  | { readonly kind: 'uniform'; readonly lowNs: Ns; readonly highNs: Ns }
  | {
      readonly kind: 'exponential';
      readonly meanNs: Ns;
      readonly leastNs: Ns;
      readonly mostNs: Ns;
    }
  | {
      readonly kind: 'logNormal';
      readonly medianNs: Ns;
      /** Standard deviation of the logarithm. */
      readonly sigma: number;
      readonly leastNs: Ns;
      readonly mostNs: Ns;
    }
  | {
      readonly kind: 'zipf';
      readonly unitNs: Ns;
      /** Probability of a rank up to 1, 2, ...; a sample is rank times unit. */
      readonly cumulative: readonly number[];
    };

/** A signal mask or set of signals: words 0 to 2 (proc/sigset.ts). */
export type SignalSetPlan = readonly [number, number, number];

/** Steps about processes, LWPs, signals and cancellation; LWPs that run them may be created by such steps. */
export type ProcessStepPlan =
  /** lwp_create(): `count` LWPs of the same process, in the class of their creator. */
  | {
      readonly op: 'spawn';
      readonly program: number;
      readonly name: string;
      readonly count: number;
      readonly line: number;
    }
  | {
      readonly op: 'fork';
      readonly kind: 'fork1' | 'forkall' | 'vfork';
      /** What the child's copy of the forking LWP runs. */
      readonly program: number;
      /** forkall: what the copies of the other LWPs run; null: they go on where the LWPs were. */
      readonly siblings: number | null;
      /** Name of the child process. */
      readonly name: string;
      readonly line: number;
    }
  | { readonly op: 'exec'; readonly program: number; readonly line: number }
  /** The LWP, or its process, ends. */
  | { readonly op: 'exit'; readonly line: number }
  | { readonly op: 'exit_process'; readonly line: number }
  | { readonly op: 'wait_child'; readonly line: number }
  /** settaskid(): the process goes to another project of its zone; an index into {@link ScenarioPlan.projects}. */
  | { readonly op: 'newtask'; readonly project: number; readonly line: number }
  | { readonly op: 'send'; readonly signal: number; readonly target: TargetPlan; readonly line: number }
  /** block_all_signals() of libc, and lwp_sigmask(). */
  | { readonly op: 'sigblock'; readonly line: number }
  | {
      readonly op: 'sigmask';
      readonly how: 'SIG_BLOCK' | 'SIG_UNBLOCK' | 'SIG_SETMASK';
      readonly set: SignalSetPlan;
      readonly line: number;
    }
  /** sigsuspend(): waits for a signal, with this mask. */
  | { readonly op: 'sigsuspend'; readonly set: SignalSetPlan; readonly line: number }
  /** sigtimedwait(): waits for one of these signals, and takes it without a handler. */
  | {
      readonly op: 'sigtimedwait';
      readonly set: SignalSetPlan;
      /** Null: as long as it takes. */
      readonly timeout: DurationPlan | null;
      readonly line: number;
    }
  /** pollsys(): waits until there is a wake-up from the source, without taking it. */
  | {
      readonly op: 'poll';
      readonly source: number;
      readonly timeout: DurationPlan | null;
      /** Mask while it waits, null for its own. */
      readonly mask: SignalSetPlan | null;
      readonly line: number;
    }
  | (ProcPlan & { readonly op: 'proc'; readonly line: number })
  /** priocntl() of the LWPs that are meant. */
  | {
      readonly op: 'priocntl';
      readonly change: ClassChangePlan;
      readonly target: TargetPlan;
      readonly line: number;
    }
  /** Touches a page that comes in this time; 0: it is in memory. */
  | { readonly op: 'page_fault'; readonly duration: DurationPlan; readonly line: number }
  /** pthread_cancel() of the LWP of that name; pthread_setcancelstate(). */
  | { readonly op: 'cancel'; readonly lwp: string; readonly line: number }
  | { readonly op: 'cancel_disable'; readonly line: number }
  | { readonly op: 'cancel_enable'; readonly line: number }
  /** Loads sc_state through the address of that LWP's structure, and makes a mark of what it reads. */
  | { readonly op: 'look_at'; readonly lwp: string; readonly line: number }
  /** Waits for an external wake-up. */
  | { readonly op: 'await'; readonly source: number; readonly line: number };

/** What somebody does to an LWP by way of /proc: look at its status, or set its signal mask (PCSHOLD). */
export interface ProcPlan {
  readonly lwp: string;
  /** Null: only look. */
  readonly hold: SignalSetPlan | null;
}

/** Whom a signal is for; names are looked up when it is sent, and the LWP created last of that name, in the
 * sender's process if there is one, gets it. */
export type TargetPlan =
  | { readonly kind: 'self' }
  | { readonly kind: 'lwp'; readonly name: string }
  | { readonly kind: 'process'; readonly name: string };

/** Steps about condition variables and semaphores; each is an index into {@link ScenarioPlan.locks}. */
export type SyncStepPlan =
  | CondWaitPlan
  | { readonly op: 'signal'; readonly condition: number; readonly line: number }
  | { readonly op: 'broadcast'; readonly condition: number; readonly line: number }
  | { readonly op: 'sema_wait'; readonly semaphore: number; readonly line: number }
  | { readonly op: 'sema_post'; readonly semaphore: number; readonly line: number };

export interface CondWaitPlan {
  readonly op: 'wait';
  readonly condition: number;
  /** The mutex that is given up for the wait. */
  readonly lock: number;
  /** Null: as long as it takes. */
  readonly timeout: DurationPlan | null;
  readonly line: number;
}

/** One step of a program. `line` is the line in the scenario file, from 1. */
export type StepPlan =
  | ProcessStepPlan
  | { readonly op: 'compute'; readonly duration: DurationPlan; readonly line: number }
  | { readonly op: 'sleep'; readonly duration: DurationPlan; readonly line: number }
  | { readonly op: 'lock'; readonly lock: number; readonly line: number }
  | { readonly op: 'unlock'; readonly lock: number; readonly line: number }
  | { readonly op: 'schedctl_start'; readonly line: number }
  | { readonly op: 'schedctl_stop'; readonly line: number }
  | { readonly op: 'yield'; readonly line: number }
  | { readonly op: 'mark'; readonly mark: number; readonly line: number }
  | { readonly op: 'schedctl_init'; readonly line: number }
  | { readonly op: 'schedctl_lookup'; readonly line: number }
  | { readonly op: 'schedctl_exit'; readonly line: number }
  | SyncStepPlan
  | {
      readonly op: 'loop';
      /** How often; Infinity for ever. */
      readonly count: number;
      readonly steps: readonly StepPlan[];
      readonly line: number;
    }
  | {
      readonly op: 'chance';
      /** Probability of `steps`, 0..1; else `otherwise`. */
      readonly probability: number;
      readonly steps: readonly StepPlan[];
      readonly otherwise: readonly StepPlan[];
      readonly line: number;
    };

export interface ProgramPlan {
  readonly name: string;
  readonly steps: readonly StepPlan[];
}

/** A synchronisation object: how waiting for it goes. */
export type LockPlan = {
  readonly name: string;
  /**
   * Process-shared (USYNC_PROCESS) or one in each address space; without it, shared where LWPs of several processes of
   * the plan use it.
   */
  readonly shared?: boolean;
} & (
  | {
      readonly kind: typeof SYNC_KIND.spinlock;
      /**
       * Spin at most this long, then sleep for a while and spin again (PostgreSQL's s_lock); null: spin until
       * the lock is got.
       */
      readonly spinThenDelay: SpinThenDelayPlan | null;
    }
  | { readonly kind: typeof SYNC_KIND.mutex }
  | {
      readonly kind: typeof SYNC_KIND.adaptiveMutex;
      /** Spin at most this long while the owner is on a CPU, then park. */
      readonly spinNs: Ns;
    }
  | { readonly kind: typeof SYNC_KIND.queueLock }
  | { readonly kind: typeof SYNC_KIND.condition }
  | {
      readonly kind: typeof SYNC_KIND.semaphore;
      /** Count at the start. */
      readonly count: number;
    }
);

export interface SpinThenDelayPlan {
  readonly spinNs: Ns;
  /** The first sleep; each further one is up to twice as long as the last. */
  readonly firstDelayNs: Ns;
  /** A delay longer than this starts again at the first. */
  readonly mostDelayNs: Ns;
}

/** Scheduling class and its parameters, as priocntl(2) takes them. */
export type ClassPlan =
  | { readonly name: 'TS'; readonly uprilim: number; readonly upri: number }
  | {
      readonly name: 'IA';
      readonly uprilim: number;
      readonly upri: number;
      /** The interactive boost is on (the group in the foreground). */
      readonly interactive: boolean;
    }
  | {
      readonly name: 'FX';
      readonly uprilim: number;
      readonly upri: number;
      /** Quantum in ns; -2 infinite, -3 the level's default. */
      readonly quantumNs: Ns;
    }
  | { readonly name: 'FSS'; readonly uprilim: number; readonly upri: number }
  | {
      readonly name: 'RT';
      readonly pri: number;
      /** Quantum in ns; -2 infinite, -3 the level's default. */
      readonly quantumNs: Ns;
      /** Signal that it gets at the end of a quantum; 0, and none, is none. */
      readonly quantumSignal?: number;
    };

/** What priocntl(2) is asked for: a class, and those parameters of it that are not left as they are. */
export interface ClassChangePlan {
  readonly name: ClassPlan['name'];
  readonly uprilim?: number;
  readonly upri?: number;
  readonly interactive?: boolean;
  readonly pri?: number;
  /** Quantum in ns; -2 infinite, -3 the level's default. */
  readonly quantumNs?: number;
  readonly quantumSignal?: number;
}

export interface ProcessPlan {
  readonly name: string;
  readonly pid: number;
  /** Index into {@link ScenarioPlan.projects}. */
  readonly project: number;
  /** What the process does with signals; the default for those not named. */
  readonly signals?: readonly SignalPlan[];
}

/** A signal that a process ignores, or that a program handles. */
export interface SignalPlan {
  readonly signal: number;
  /** Index into {@link ScenarioPlan.programs}, null for SIG_IGN. */
  readonly handler: number | null;
}

/** Requests that come from outside: LWPs of a process that are created one after the other. */
export interface ArrivalPlan {
  readonly name: string;
  readonly process: ProcessId;
  readonly program: number;
  readonly class: ClassPlan;
  /** Processor set; 0, and none, is the default set. */
  readonly part?: number;
  readonly start: DurationPlan;
  /** Between two arrivals. */
  readonly interval: DurationPlan;
  /** How many; Infinity for as long as the run lasts. */
  readonly count: number;
  readonly line: number;
}

/** A device or a client, whose wake-ups LWPs wait for; those that no LWP waits for are kept. */
export interface SourcePlan {
  readonly name: string;
  readonly start: DurationPlan;
  readonly interval: DurationPlan;
}

/** Something that happens at a time, whatever the programs do. */
export type TimedPlan = { readonly timeNs: Ns; readonly line: number } & (
  | { readonly event: 'signal'; readonly signal: number; readonly target: TargetPlan }
  | (ProcPlan & { readonly event: 'proc' })
  | { readonly event: 'priocntl'; readonly change: ClassChangePlan; readonly target: TargetPlan }
  /** A call of the memory subsystem fails: the nth from then on, or every one (0). */
  | {
      readonly event: 'fail';
      readonly call: 'segkp_get_withanonmap' | 'map_addr' | 'as_map';
      readonly error: number;
      readonly nth: number;
    }
  /** No call fails any more. */
  | { readonly event: 'heal' }
  | CpuEventPlan
  | ProjectEventPlan
);

/**
 * prctl -r on project.cpu-shares and zone.cpu-shares, and newtask -c; indexes into the scenario's projects and zones.
 */
export type ProjectEventPlan =
  | { readonly event: 'project_shares'; readonly project: number; readonly shares: number }
  | { readonly event: 'zone_shares'; readonly zone: number; readonly shares: number }
  /** The process of that name, looked up when it is due, goes to another project of its zone. */
  | { readonly event: 'newtask'; readonly process: string; readonly project: number };

/** psradm and psrset. Set 0 is the default set, and {@link ScenarioPlan.sets} begin at 1. */
export type CpuEventPlan =
  | {
      readonly event: 'offline';
      readonly cpu: CpuId;
      /** LWPs that are bound to it are unbound; otherwise they are in the way. */
      readonly forced: boolean;
    }
  | { readonly event: 'online'; readonly cpu: CpuId }
  | { readonly event: 'assign'; readonly cpu: CpuId; readonly part: number; readonly forced: boolean }
  | { readonly event: 'bind'; readonly target: TargetPlan; readonly part: number };

/** A processor set with its CPUs at the start. */
export interface ProcessorSetPlan {
  readonly name: string;
  readonly cpus: readonly number[];
}

/** A project (project(5)), whose shares the FSS class goes by. */
export interface ProjectPlan {
  readonly name: string;
  readonly shares: number;
  /** Index into {@link ScenarioPlan.zones}; 0, and none, is the global zone. */
  readonly zone?: number;
  /** The system's project of the global zone, which FSS has a rule of its own for. */
  readonly isSystem?: boolean;
}

/** A zone (zones(7)), which competes with the other zones by its own shares. */
export interface ZonePlan {
  readonly name: string;
  readonly shares: number;
}

export interface LwpPlan {
  readonly name: string;
  /** Index into {@link ScenarioPlan.processes}. */
  readonly process: ProcessId;
  /** LWP number within its process, from 1. */
  readonly lwpNumber: number;
  readonly class: ClassPlan;
  readonly start: DurationPlan;
  /** Processor set; 0, and none, is the default set. */
  readonly part?: number;
  /** CPU that the LWP is bound to, -1 for none. */
  readonly boundCpu: CpuId;
  /** Index into {@link ScenarioPlan.programs}. */
  readonly program: number;
  readonly line: number;
}

/** A row of the TS and IA dispatch table (ts_dptbl(5)). */
export interface DispatchRow {
  /** Ticks. */
  readonly quantum: number;
  readonly tqexp: number;
  readonly slpret: number;
  /** Seconds. */
  readonly maxwait: number;
  readonly lwait: number;
}

export type DispatchTablePlan =
  | { readonly kind: 'default' }
  | { readonly kind: 'server' }
  | { readonly kind: 'custom'; readonly rows: readonly DispatchRow[] };

/** What things cost on the emulated machine, ns. */
export interface CostPlan {
  /** A switch from one thread to another: kernel time of the new thread. */
  readonly contextSwitchNs: Ns;
  /** Entering and leaving the kernel, and the work of a short system call. */
  readonly systemCallNs: Ns;
  /** Taking or releasing a free lock. */
  readonly lockNs: Ns;
  /** From the release of a spin lock until a spinner on another CPU has it. */
  readonly lockHandoffNs: Ns;
  /** A store into the shared page: schedctl_start, schedctl_stop. */
  readonly storeNs: Ns;
}

export interface ScenarioPlan {
  readonly title: string;
  /** For error messages. */
  readonly fileName: string;
  readonly cpus: number;
  /** Clock ticks a second. */
  readonly hz: number;
  readonly durationNs: Ns;
  /** 0..2^32-1. */
  readonly seed: number;
  readonly dispatchTable: DispatchTablePlan;
  /** Quanta of the RT dispatch table in ticks, by level; -2 is infinite. The default ones where absent. */
  readonly rtQuanta?: readonly number[];
  /** Quantum of FSS in ticks, less than a second; 11 where absent. */
  readonly fssQuantum?: number;
  readonly costs: CostPlan;
  readonly locks: readonly LockPlan[];
  readonly programs: readonly ProgramPlan[];
  /** At least one. */
  readonly projects: readonly ProjectPlan[];
  /** The global zone, with its own shares, comes first; it alone, with one share, where absent. */
  readonly zones?: readonly ZonePlan[];
  readonly processes: readonly ProcessPlan[];
  /** In the order of their ordinals: `lwps[i]` is LWP i of the trace. */
  readonly lwps: readonly LwpPlan[];
  readonly arrivals?: readonly ArrivalPlan[];
  readonly sources?: readonly SourcePlan[];
  readonly sets?: readonly ProcessorSetPlan[];
  /** In order of time. */
  readonly timed?: readonly TimedPlan[];
}

/**
 * Whether some way through the steps blocks, computes or ends; system calls and locks, which take time of their own, do
 * not count. Without one, a program that repeats the steps for ever does nothing at all.
 */
export function takesTime(steps: readonly StepPlan[]): boolean {
  return steps.some((step) => {
    switch (step.op) {
      case 'wait':
      case 'sema_wait':
        return true;
      case 'compute':
      case 'sleep':
      case 'page_fault':
        return !(step.duration.kind === 'constant' && step.duration.ns === 0);
      case 'loop':
        return takesTime(step.steps);
      case 'chance':
        return (
          (step.probability > 0 && takesTime(step.steps)) ||
          (step.probability < 1 && takesTime(step.otherwise))
        );
      case 'await':
      case 'poll':
      case 'sigsuspend':
      case 'sigtimedwait':
      case 'wait_child':
      case 'exit':
      case 'exit_process':
      case 'exec':
        return true;
      default:
        return false;
    }
  });
}
