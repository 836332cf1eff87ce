/**
 * Random steps about processes, LWPs and signals, and what comes from outside. Whatever is created runs the program
 * `leaf`, which creates nothing, so that a run stays small.
 */
import fc from 'fast-check';
import type {
  ArrivalPlan,
  CpuEventPlan,
  DurationPlan,
  SignalPlan,
  SignalSetPlan,
  SourcePlan,
  StepPlan,
  TargetPlan,
  TimedPlan,
} from '#main/emulator/plan.ts';
import { EAGAIN } from '#main/emulator/errno.ts';
import { FILLSET, sigset } from '#main/emulator/proc/sigset.ts';

const LINE = 1;
/** LWPs start before this time, CPUs change after it: one that is bound to a CPU that is gone cannot start. */
export const LAST_START_NS = 20_000_000;
const KILL = 9;
const TERM = 15;
const USR1 = 16;
const USR2 = 17;
const STOP = 23;
const CONT = 25;

const constant = (ns: number): DurationPlan => ({ kind: 'constant', ns });
const exponential = (meanNs: number): DurationPlan => ({
  kind: 'exponential',
  meanNs,
  leastNs: 0,
  mostNs: 10 * meanNs,
});

/** What children, created LWPs, handlers and arrivals run. */
export const leafProgram: readonly StepPlan[] = [
  { op: 'schedctl_start', line: LINE },
  { op: 'compute', duration: exponential(200_000), line: LINE },
  { op: 'sleep', duration: exponential(500_000), line: LINE },
  { op: 'schedctl_stop', line: LINE },
  { op: 'look_at', lwp: 'lwp 0', line: LINE },
];

const target: fc.Arbitrary<TargetPlan> = fc.oneof(
  fc.constant<TargetPlan>({ kind: 'self' }),
  fc.constantFrom('one', 'two', 'child').map((name): TargetPlan => ({ kind: 'process', name })),
  fc.integer({ min: 0, max: 5 }).map((index): TargetPlan => ({ kind: 'lwp', name: `lwp ${index}` })),
);
const signal = fc.constantFrom(USR1, USR1, USR1, USR2, STOP, CONT, CONT, TERM, KILL);
const signals: fc.Arbitrary<SignalSetPlan> = fc.constantFrom([0, 0, 0] as const, FILLSET, sigset(USR1, TERM));
const lwpName = fc.integer({ min: 0, max: 5 }).map((index) => `lwp ${index}`);

/** One step; those that create something are taken one time in four. */
export const processSteps = (leaf: number): fc.Arbitrary<StepPlan[]> => {
  const sometimes = (step: StepPlan): StepPlan[] => [
    { op: 'chance', probability: 0.25, steps: [step], otherwise: [], line: LINE },
  ];
  return fc.oneof(
    fc
      .integer({ min: 1, max: 3 })
      .map((count) => sometimes({ op: 'spawn', program: leaf, name: 'helper', count, line: LINE })),
    fc
      .constantFrom('fork1' as const, 'forkall' as const, 'vfork' as const)
      .map((kind) =>
        sometimes({ op: 'fork', kind, program: leaf, siblings: leaf, name: 'child', line: LINE }),
      ),
    fc
      .constantFrom<StepPlan>(
        { op: 'exec', program: leaf, line: LINE },
        { op: 'exit', line: LINE },
        { op: 'exit_process', line: LINE },
      )
      .map((step): StepPlan[] => [
        { op: 'chance', probability: 0.05, steps: [step], otherwise: [], line: LINE },
      ]),
    fc.constantFrom<StepPlan[]>(
      [{ op: 'wait_child', line: LINE }],
      [{ op: 'sigblock', line: LINE }],
      [{ op: 'cancel_disable', line: LINE }],
      [{ op: 'cancel_enable', line: LINE }],
      [{ op: 'await', source: 0, line: LINE }],
      [{ op: 'poll', source: 0, timeout: exponential(1_000_000), mask: null, line: LINE }],
      [{ op: 'poll', source: 0, timeout: null, mask: [0, 0, 0], line: LINE }],
      [{ op: 'sigtimedwait', set: sigset(USR1, USR2), timeout: exponential(2_000_000), line: LINE }],
    ),
    fc
      .constantFrom<StepPlan>(
        { op: 'sigsuspend', set: [0, 0, 0], line: LINE },
        { op: 'proc', lwp: 'lwp 1', hold: null, line: LINE },
        { op: 'proc', lwp: 'lwp 2', hold: sigset(USR2), line: LINE },
      )
      .map(sometimes),
    fc
      .tuple(signal, target)
      .map(([number, to]) => sometimes({ op: 'send', signal: number, target: to, line: LINE })),
    fc
      .tuple(fc.constantFrom('SIG_BLOCK' as const, 'SIG_UNBLOCK' as const, 'SIG_SETMASK' as const), signals)
      .map(([how, set]): StepPlan[] => [{ op: 'sigmask', how, set, line: LINE }]),
    lwpName.map((lwp) => sometimes({ op: 'cancel', lwp, line: LINE })),
    lwpName.map((lwp): StepPlan[] => [{ op: 'look_at', lwp, line: LINE }]),
  );
};

/** What a process does with USR1 and USR2. */
export const signalActions = (leaf: number): fc.Arbitrary<SignalPlan[]> =>
  fc.constantFrom<SignalPlan[]>(
    [],
    [
      { signal: USR1, handler: leaf },
      { signal: USR2, handler: null },
    ],
  );

/** One source of wake-ups. */
export const sources: readonly SourcePlan[] = [
  { name: 'disk', start: constant(0), interval: exponential(1_000_000) },
];

export const arrivals = (leaf: number): fc.Arbitrary<ArrivalPlan[]> =>
  fc.constantFrom<ArrivalPlan[]>(
    [],
    [
      {
        name: 'request',
        process: 0,
        program: leaf,
        class: { name: 'TS', upri: 0, uprilim: 0 },
        start: constant(1_000_000),
        interval: exponential(2_000_000),
        count: 10,
        line: LINE,
      },
    ],
  );

/** What an administrator does to CPUs and processor sets; much of it is refused. */
const cpuEvents = (cpus: number, sets: number): fc.Arbitrary<CpuEventPlan>[] => {
  const cpu = fc.integer({ min: 0, max: cpus - 1 });
  const part = fc.integer({ min: 0, max: sets });
  return [
    fc
      .tuple(cpu, fc.boolean())
      .map(([number, forced]): CpuEventPlan => ({ event: 'offline', cpu: number, forced })),
    cpu.map((number): CpuEventPlan => ({ event: 'online', cpu: number })),
    fc
      .tuple(cpu, part, fc.boolean())
      .map(([number, set, forced]): CpuEventPlan => ({ event: 'assign', cpu: number, part: set, forced })),
    fc
      .tuple(target, part)
      .filter(([to]) => to.kind !== 'self')
      .map(([to, set]): CpuEventPlan => ({ event: 'bind', target: to, part: set })),
  ];
};

/** Signals, failures and changes to CPUs at times, in order. */
export const timed = (cpus: number, sets: number): fc.Arbitrary<TimedPlan[]> =>
  fc
    .array(
      fc.tuple(
        fc.integer({ min: 0, max: 50_000_000 }),
        fc.oneof(
          fc.tuple(signal, target).map(([number, to]) => ({
            event: 'signal' as const,
            signal: number,
            target: to.kind === 'self' ? { kind: 'process' as const, name: 'one' } : to,
          })),
          fc
            .tuple(
              fc.constantFrom('segkp_get_withanonmap' as const, 'map_addr' as const, 'as_map' as const),
              fc.integer({ min: 0, max: 3 }),
            )
            .map(([call, nth]) => ({ event: 'fail' as const, call, error: EAGAIN, nth })),
          fc.constant({ event: 'heal' as const }),
          fc.constant({ event: 'proc' as const, lwp: 'lwp 0', hold: [0, 0, 0] as const }),
          ...cpuEvents(cpus, sets),
        ),
      ),
      { maxLength: 8 },
    )
    .map((events) =>
      events
        .map(([timeNs, event]): TimedPlan => {
          const isAboutCpus = ['offline', 'online', 'assign', 'bind'].includes(event.event);
          return { timeNs: isAboutCpus ? timeNs + LAST_START_NS : timeNs, line: LINE, ...event };
        })
        .sort((a, b) => a.timeNs - b.timeNs),
    );
