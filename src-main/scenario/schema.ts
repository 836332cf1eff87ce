/**
 * The scenario language as a zod schema: shapes only, no transformation, so that a JSON Schema for editors
 * can be generated from it. What the shapes cannot say (names that must exist, locks that must be held) is
 * checked in build.ts and lock-check.ts.
 *
 * Convention: every message given here says what is EXPECTED and completes "expected ..."; problems.ts adds
 * what was found and where.
 */
import { z } from 'zod';
import { MAX_CPUS } from '#shared/model/queues.ts';
import { cpuEventShapes, processorSets } from './cpu-schema.ts';
import {
  arrivalShape,
  PROCESS_WORD_STEPS,
  processSteps,
  signalActions,
  signalName,
  sourceShape,
  timedShapes,
} from './process-schema.ts';
import { classParameters, projectEventShapes, projects, zones } from './project-schema.ts';
import type { SignalName } from './signal-names.ts';
import { DURATION_PATTERN } from './units.ts';

/** The most LWPs that a scenario may create. */
export const MAX_LWPS = 65_536;

const whole = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};
const fraction = (about: string, least: number, most: number) => {
  const error = `${about} from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
};
const name = z
  .string({ error: 'a name' })
  .regex(/^\S(.{0,62}\S)?$/, { error: 'a name of 1 to 64 characters' });

const DURATION = 'a duration such as "200us", "1.5 ms", "2 s" or "3 ticks"';
const duration = z
  .union([z.literal(0), z.string().regex(DURATION_PATTERN, { error: DURATION })], { error: DURATION })
  .meta({ id: 'duration', description: 'A length of time with its unit: ns, us, ms, s, min or ticks.' });

const limits = {
  least: duration.optional().meta({ description: 'Shorter samples are cut to this.' }),
  most: duration.optional().meta({ description: 'Longer samples are cut to this.' }),
};

const randomDuration = z
  .union(
    [
      duration,
      z.literal('each').meta({ description: 'The size of this LWP, of those that its for_each lists.' }),
      z.strictObject({
        uniform: z
          .tuple([duration, duration], { error: 'two durations, the lower and the upper' })
          .meta({ description: 'Anything between the two is as likely.' }),
      }),
      z.strictObject({ exponential: duration.meta({ description: 'The mean.' }), ...limits }),
      z.strictObject({
        log_normal: z
          .strictObject(
            {
              median: duration.meta({ description: 'Half of the samples are longer.' }),
              sigma: fraction('the standard deviation of the logarithm, a number', 0, 5).meta({
                description: 'Standard deviation of the natural logarithm.',
              }),
            },
            { error: 'median and sigma' },
          )
          .meta({ description: 'Mostly near the median, sometimes much longer.' }),
        ...limits,
      }),
      z.strictObject({
        zipf: z
          .strictObject(
            {
              unit: duration.meta({ description: 'A sample is a rank times this.' }),
              exponent: fraction('the exponent, a number', 0, 10).meta({
                description: 'Rank n has a weight of 1 / n to the power of this.',
              }),
              ranks: whole(2, 10_000).meta({ description: 'How many ranks there are, from 1.' }),
            },
            { error: 'unit, exponent and ranks' },
          )
          .meta({ description: 'A rank by the Zipf distribution, times a unit.' }),
      }),
    ],
    {
      error:
        'a duration such as "200us", or a distribution: { uniform: [10us, 20us] }, { exponential: 5ms }, ' +
        '{ log_normal: { median: 5ms, sigma: 0.5 } } or { zipf: { unit: 10us, exponent: 1.1, ranks: 100 } }',
    },
  )
  .meta({ id: 'randomDuration', description: 'A duration, constant or drawn anew each time.' });

/** Steps that are a word. */
export const WORD_STEPS = [
  'schedctl_start',
  'schedctl_stop',
  'yield',
  'schedctl_init',
  'schedctl_lookup',
  'schedctl_exit',
  ...PROCESS_WORD_STEPS,
] as const;

const upri = whole(-60, 60).meta({ description: 'User priority, or the limit on it.' });
const className = <Name extends string>(name: Name) =>
  z.literal(name).meta({ description: 'The scheduling class.' });
const quantum = z
  .union([z.literal('infinite'), duration], {
    error: 'a duration such as "50ms" or "3 ticks", or infinite',
  })
  .meta({ description: "Time slice, instead of the level's own." });

const schedulingClass = z
  .union(
    [
      z.enum(['TS', 'IA', 'FX', 'FSS', 'RT']),
      z.strictObject({ name: className('TS'), upri: upri.optional(), uprilim: upri.optional() }),
      z.strictObject({ name: className('FSS'), upri: upri.optional(), uprilim: upri.optional() }),
      z.strictObject({
        name: className('IA'),
        upri: upri.optional(),
        uprilim: upri.optional(),
        interactive: z
          .boolean({ error: 'true or false' })
          .optional()
          .meta({ description: 'Whether the interactive boost is on; true.' }),
      }),
      z.strictObject({
        name: className('FX'),
        upri: whole(0, 60).optional().meta({ description: 'Priority.' }),
        uprilim: whole(0, 60).optional().meta({ description: 'Limit on the priority.' }),
        quantum: quantum.optional(),
      }),
      z.strictObject({
        name: className('RT'),
        pri: whole(0, 59)
          .optional()
          .meta({ description: 'Priority within the class; 100 more on the global scale.' }),
        quantum: quantum.optional(),
        quantum_signal: signalName
          .optional()
          .meta({ description: 'Signal that it gets whenever a time slice is used up.' }),
      }),
    ],
    { error: 'a scheduling class, TS, IA, FX, FSS or RT, or { name: FX, upri: 30, quantum: 50ms }' },
  )
  .meta({ id: 'class', description: 'Scheduling class, by name or with parameters as for priocntl(2).' });

const exponent = fraction('the exponent of the Zipf distribution, a number', 0, 10).meta({
  description: 'The choice of rank n has a weight of 1 / n to the power of this.',
});

const STEP_FORMS =
  'a step: compute, lock, unlock, schedctl_start, schedctl_stop, yield, sleep, loop, chance, zipf, mark, cond_wait, cond_signal, cond_broadcast, sema_wait, sema_post, spawn, fork, exec, exit, exit_process, wait_child, send, sigblock, sigmask, cancel, look_at, await, sigsuspend, sigtimedwait, poll, proc, newtask, priocntl or page_fault';

const stepList: z.ZodType<StepText[]> = z.lazy(() =>
  z
    .array(step, { error: 'a list of steps' })
    .min(1, { error: 'at least one step' })
    .meta({ id: 'steps', description: 'What a thread does, in order; an LWP exits after the last step.' }),
);

const step = z.union(
  [
    z.enum(WORD_STEPS).meta({
      description:
        'Steps that are a word: calls of libc and system calls. schedctl_start asks not to be preempted, ' +
        'schedctl_stop withdraws that and yields if the kernel has asked for it.',
    }),
    z.strictObject({ compute: randomDuration.meta({ description: 'Needs this much time on a CPU.' }) }),
    z.strictObject({ sleep: randomDuration.meta({ description: 'Sleeps this long (nanosleep).' }) }),
    z.strictObject({ lock: name.meta({ description: 'Takes a lock, waiting for it as its kind says.' }) }),
    z.strictObject({ unlock: name.meta({ description: 'Releases a lock that it holds.' }) }),
    z.strictObject({
      cond_wait: name.meta({ description: 'Condition variable to wait for.' }),
      mutex: name.meta({
        description: 'Mutex that is held; given up for the wait and taken again after it.',
      }),
      timeout: randomDuration.optional().meta({ description: 'Wait at most this long (cond_timedwait).' }),
    }),
    z.strictObject({ cond_signal: name.meta({ description: 'Let one LWP that waits for it go on.' }) }),
    z.strictObject({ cond_broadcast: name.meta({ description: 'Let all LWPs that wait for it go on.' }) }),
    z.strictObject({
      sema_wait: name.meta({ description: 'Take one off a semaphore; wait while it is 0.' }),
    }),
    z.strictObject({ sema_post: name.meta({ description: 'Put one on a semaphore.' }) }),
    z.strictObject({
      mark: whole(0, 1_000_000).meta({ description: 'Leaves a mark of this number in the trace.' }),
    }),
    z.strictObject({
      loop: z
        .union([z.literal('forever'), whole(1, 1_000_000_000)], {
          error: 'how often, a whole number from 1, or forever',
        })
        .meta({ description: 'How often the steps are done, or forever.' }),
      steps: stepList.meta({ description: 'What is repeated.' }),
    }),
    z.strictObject({
      chance: fraction('a probability', 0, 1).meta({ description: 'Probability with which then is done.' }),
      // Not `steps`: with a key of its own a nested list is looked at once, not once for each form.
      then: stepList.meta({ description: 'With that probability,' }),
      else: stepList.optional().meta({ description: 'and otherwise this.' }),
    }),
    z.strictObject({
      zipf: exponent,
      of: z
        .array(stepList, { error: 'a list of lists of steps' })
        .min(2, { error: 'at least two lists of steps' })
        .max(64, { error: 'at most 64 lists of steps' })
        .meta({ description: 'Lists of steps, of which one is done: the first most often.' }),
    }),
    ...processSteps({ name, randomDuration, schedulingClass }),
  ],
  { error: STEP_FORMS },
);

const semaphoreCount = whole(0, 2_147_483_647);
const shared = z.boolean({ error: 'true or false' }).optional().meta({
  description:
    'Whether it is process-shared, or one in the memory of each process, which fork copies as it is. Without it, shared where LWPs of several processes use it.',
});

const lock = z
  .union(
    [
      z.enum(['spin', 'mutex', 'adaptive', 'queue']),
      z.strictObject({
        kind: z.literal('spin').meta({ description: 'A spin lock of user code.' }),
        spin: duration.optional().meta({ description: 'Spin this long, then sleep (PostgreSQL).' }),
        delay: z
          .strictObject(
            {
              first: duration
                .optional()
                .meta({ description: 'The first sleep; each further one is up to twice as long.' }),
              most: duration.optional().meta({ description: 'After a longer one the first follows again.' }),
            },
            { error: 'the sleeps between spins: { first: 1ms, most: 1s }' },
          )
          .optional()
          .meta({ description: 'The sleeps between spins.' }),
        shared,
      }),
      z.strictObject({
        kind: z.enum(['mutex', 'queue']).meta({
          description: 'A mutex whose waiters park, or a lock that is spun for under no_preempt().',
        }),
        shared,
      }),
      z.strictObject({
        kind: z
          .literal('adaptive')
          .meta({ description: 'A mutex whose waiters spin while its owner is on a CPU.' }),
        spin: duration.optional().meta({ description: 'Spin at most this long, then park.' }),
        shared,
      }),
    ],
    {
      error: 'spin, mutex, adaptive or queue, or { kind: spin, spin: 20us, delay: { first: 1ms, most: 1s } }',
    },
  )
  .meta({ id: 'lock', description: 'How waiting for a lock goes.' });

const lwp = z.strictObject(
  {
    name: name.meta({ description: 'Name of the LWP; several of one entry are numbered from 0.' }),
    count: whole(1, MAX_LWPS).optional().meta({ description: 'How many LWPs of this kind.' }),
    for_each: z
      .union([z.literal('cpu'), z.array(duration).min(1, { error: 'at least one size' })], {
        error: 'cpu, or sizes: [100us, 1ms, 10ms]',
      })
      .optional()
      .meta({
        description:
          'cpu: one LWP for each CPU, bound to it. A list of durations: one LWP for each; its program says each where it means that size.',
      }),
    class: schedulingClass.optional(),
    start: randomDuration.optional().meta({ description: 'When the LWP is created.' }),
    cpu: whole(0, MAX_CPUS - 1)
      .optional()
      .meta({ description: 'CPU to bind to.' }),
    set: name.optional().meta({ description: "Processor set, instead of the process's." }),
    program: z
      .union([name, stepList], { error: 'the name of a program, or a list of steps' })
      .meta({ description: 'What it runs: the name of a program, or steps.' }),
    overrides: z
      .array(
        z.strictObject({
          index: whole(0, MAX_LWPS - 1).meta({ description: 'Which of the LWPs, from 0.' }),
          class: schedulingClass.optional(),
          start: randomDuration.optional().meta({ description: 'When it is created.' }),
          cpu: whole(0, MAX_CPUS - 1)
            .optional()
            .meta({ description: 'CPU to bind to.' }),
          program: name.optional().meta({ description: 'Name of its program.' }),
        }),
        { error: 'a list of what is different: [{ index: 0, class: RT }]' },
      )
      .optional()
      .meta({ description: 'What is different for single LWPs of this entry.' }),
  },
  { error: 'an LWP: { name: ..., program: ... }' },
);

const shapes = { name, duration, randomDuration, schedulingClass };

const timed = z.union([...timedShapes(shapes), ...cpuEventShapes(shapes), ...projectEventShapes(shapes)], {
  error:
    'an event: { at: 1 s, signal: USR1, process: web }, { at: 1 s, fail: page }, { at: 1 s, offline: 3 }, ' +
    '{ at: 1 s, assign: 3, set: batch }, { at: 1 s, bind: batch, process: web }, ' +
    '{ at: 1 s, shares: 5, project: web }, { at: 1 s, newtask: batch, process: web } or ' +
    '{ at: 1 s, priocntl: RT, lwp: writer }',
});

const process = z.strictObject(
  {
    name: name.meta({ description: 'Name of the process; several of one entry are numbered from 0.' }),
    count: whole(1, MAX_LWPS).optional().meta({ description: 'How many such processes.' }),
    project: name.optional().meta({ description: 'Project that the process belongs to, for FSS.' }),
    zone: name.optional().meta({
      description: 'Zone of the process, for FSS; in it, without a project, it is in one of 1 share.',
    }),
    set: name.optional().meta({ description: 'Processor set of its LWPs; the default set.' }),
    signals: signalActions(name).optional(),
    arrivals: z
      .array(arrivalShape(shapes), { error: 'a list of arrival processes' })
      .optional()
      .meta({ description: 'Requests: LWPs that are created one after the other.' }),
    lwps: z
      .array(lwp, { error: 'a list of LWPs' })
      .min(1, { error: 'at least one LWP' })
      .meta({ description: 'LWPs that the scenario starts.' }),
  },
  { error: 'a process: { name: ..., lwps: [...] }' },
);

/** Level 0 first: quantum (ticks), tqexp, slpret, maxwait (seconds), lwait. */
const level = whole(0, 59);
const dispatchRow = z.tuple([whole(1, 1_000_000), level, level, whole(0, 32_767), level], {
  error: '[quantum, tqexp, slpret, maxwait, lwait]',
});

/** The root of a scenario file. */
export const scenarioSchema = z.strictObject(
  {
    cpus: whole(1, MAX_CPUS).meta({ description: 'Processors of the machine.' }),
    hz: whole(10, 10_000).optional().meta({ description: 'Clock ticks a second; 100.' }),
    duration: duration.meta({ description: 'How much virtual time to emulate.' }),
    seed: whole(0, 0xffff_ffff).optional().meta({ description: 'Seed of every random choice; 1.' }),
    dispatch_table: z
      .union(
        [
          z.enum(['default', 'server']),
          z.array(dispatchRow).length(60, { error: '60 rows, one for each level from 0' }),
        ],
        { error: 'default, server, or 60 rows of [quantum, tqexp, slpret, maxwait, lwait]' },
      )
      .optional()
      .meta({ description: 'Dispatch table of TS and IA: default, server, or a row for each level from 0.' }),
    costs: z
      .strictObject(
        {
          context_switch: duration
            .optional()
            .meta({ description: 'A switch from one thread to another; 2us.' }),
          system_call: duration.optional().meta({ description: 'Entering and leaving the kernel; 300ns.' }),
          lock: duration.optional().meta({ description: 'Taking or releasing a free lock; 25ns.' }),
          lock_handoff: duration
            .optional()
            .meta({ description: 'From a release until a spinner has the lock; 100ns.' }),
          store: duration.optional().meta({ description: 'A store into the shared page; 5ns.' }),
        },
        { error: 'costs: { context_switch: 2us, system_call: 300ns }' },
      )
      .optional()
      .meta({ description: 'What things cost on the machine.' }),
    locks: z
      .record(name, lock, { error: 'locks by name: { accounts: spin }' })
      .optional()
      .meta({ description: 'Locks by name.' }),
    conditions: z
      .array(
        z.union([name, z.strictObject({ name: name.meta({ description: 'Its name.' }), shared })], {
          error: 'a name, or { name: not_empty, shared: true }',
        }),
        { error: 'a list of names: [not_empty, not_full]' },
      )
      .optional()
      .meta({ description: 'Condition variables.' }),
    semaphores: z
      .record(
        name,
        z.union(
          [
            semaphoreCount,
            z.strictObject({
              count: semaphoreCount.meta({ description: 'Its count at the start.' }),
              shared,
            }),
          ],
          { error: 'a count from 0 to 2147483647, or { count: 10, shared: true }' },
        ),
        { error: 'counts by name: { connections: 10 }' },
      )
      .optional()
      .meta({ description: 'Semaphores with their counts at the start.' }),
    zones: zones(name).optional(),
    projects: projects(name).optional(),
    ...classParameters(duration, quantum),
    sources: z
      .record(name, sourceShape(shapes), {
        error: 'sources by name: { disk: { every: { exponential: 5ms } } }',
      })
      .optional()
      .meta({ description: 'Devices and clients whose wake-ups LWPs await.' }),
    processor_sets: processorSets(name).optional(),
    events: z
      .array(timed, { error: 'a list of events' })
      .optional()
      .meta({ description: 'What happens at a time, whatever the programs do.' }),
    programs: z
      .record(name, stepList, { error: 'programs by name' })
      .optional()
      .meta({ description: 'Programs by name.' }),
    processes: z
      .array(process, { error: 'a list of processes' })
      .min(1, { error: 'at least one process' })
      .meta({ description: 'Processes and their LWPs.' }),
  },
  { error: 'a scenario: cpus, duration, processes' },
);

/** A scenario as it is written, after validation of its shape. */
export type ScenarioText = z.infer<typeof scenarioSchema>;
export type DurationText = z.infer<typeof duration>;
export type RandomDurationText = z.infer<typeof randomDuration>;
export type LockText = z.infer<typeof lock>;
export type ClassText = z.infer<typeof schedulingClass>;
export type LwpText = z.infer<typeof lwp>;
export type ProcessText = z.infer<typeof process>;
export type TimedText = z.infer<typeof timed>;
/** Events about CPUs and processor sets. */
export type CpuEventText = Extract<
  TimedText,
  { offline: number } | { online: number } | { assign: number } | { bind: string }
>;
/** Events about projects and zones. */
export type ProjectEventText = Extract<TimedText, { shares: number } | { newtask: string }>;
export type StepText =
  | (typeof WORD_STEPS)[number]
  | { compute: RandomDurationText }
  | { sleep: RandomDurationText }
  | { lock: string }
  | { unlock: string }
  | SyncStepText
  | { mark: number }
  | { loop: 'forever' | number; steps: StepText[] }
  | { chance: number; then: StepText[]; else?: StepText[] | undefined }
  | { zipf: number; of: StepText[][] }
  | ProcessStepText;

/** Steps of process-schema.ts that are no word. */
export type ProcessStepText =
  | { spawn: string | { program: string; name?: string | undefined; count?: number | undefined } }
  | {
      fork:
        | string
        | {
            program: string;
            kind?: 'fork1' | 'forkall' | 'vfork' | undefined;
            siblings?: string | undefined;
            name?: string | undefined;
          };
    }
  | { exec: string }
  | { send: SignalName; process?: string | undefined; lwp?: string | undefined }
  | {
      sigmask: 'none' | 'all' | { block: SignalName[] } | { unblock: SignalName[] } | { set: SignalName[] };
    }
  | { cancel: string }
  | { look_at: string }
  | { await: string }
  | { sigsuspend: MaskText }
  | { sigtimedwait: SignalName[]; timeout?: RandomDurationText | undefined }
  | { poll: string; timeout?: RandomDurationText | undefined; sigmask?: MaskText | undefined }
  | { proc: string; hold?: MaskText | undefined }
  | { newtask: string }
  | { priocntl: ClassText; process?: string | undefined; lwp?: string | undefined }
  | { page_fault: RandomDurationText };
/** A signal mask as it is written. */
export type MaskText = 'none' | 'all' | SignalName[];
/** Steps about condition variables and semaphores. */
export type SyncStepText =
  | { cond_wait: string; mutex: string; timeout?: RandomDurationText | undefined }
  | { cond_signal: string }
  | { cond_broadcast: string }
  | { sema_wait: string }
  | { sema_post: string };
