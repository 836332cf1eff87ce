/**
 * The part of the scenario language about processes, signals and the world outside: shapes only, as in schema.ts, of
 * which it is a part.
 */
import { z } from 'zod';
import { newtaskStep } from './project-schema.ts';
import { SIGNAL_NAMES } from './signal-names.ts';

/** What this part takes from schema.ts. */
export interface CommonShapes<
  Duration extends z.ZodType,
  RandomDuration extends z.ZodType,
  Class extends z.ZodType,
> {
  readonly name: z.ZodString;
  readonly duration: Duration;
  readonly randomDuration: RandomDuration;
  readonly schedulingClass: Class;
}

/** Steps that are a word. */
export const PROCESS_WORD_STEPS = [
  'exit',
  'exit_process',
  'wait_child',
  'sigblock',
  'cancel_disable',
  'cancel_enable',
] as const;

const count = (most: number) => {
  const error = `a whole number from 1 to ${most}`;
  return z.int({ error }).min(1, { error }).max(most, { error });
};

export const signalName = z
  .enum(SIGNAL_NAMES, { error: 'a signal such as USR1, TERM or STOP' })
  .meta({ id: 'signal', description: 'A signal, without SIG.' });
const signalList = z.array(signalName, { error: 'a list of signals: [USR1, USR2]' });
const mask = z.union([z.enum(['none', 'all']), signalList], {
  error: 'none, all or a list of signals: [USR1, USR2]',
});

/** Steps about processes, LWPs, signals and cancellation. */
export function processSteps<R extends z.ZodType, C extends z.ZodType>(shapes: {
  readonly name: z.ZodString;
  readonly randomDuration: R;
  readonly schedulingClass: C;
}) {
  const { name, randomDuration, schedulingClass } = shapes;
  const timeout = randomDuration.optional().meta({ description: 'Wait at most this long.' });
  const program = name.meta({ description: 'Name of a program.' });
  return [
    z.strictObject({
      spawn: z
        .union(
          [
            program,
            z.strictObject({
              program,
              name: name.optional().meta({ description: 'Name of the LWPs.' }),
              count: count(10_000).optional().meta({ description: 'How many; 1.' }),
            }),
          ],
          {
            error: 'the name of a program, or { program: worker, count: 4 }',
          },
        )
        .meta({ description: 'Creates LWPs in the same process.' }),
    }),
    z.strictObject({
      fork: z
        .union(
          [
            program,
            z.strictObject({
              program,
              kind: z
                .enum(['fork1', 'forkall', 'vfork'], { error: 'fork1, forkall or vfork' })
                .optional()
                .meta({ description: 'Which fork; fork1.' }),
              siblings: program.optional().meta({
                description:
                  'With forkall: what the copies of the other LWPs run. Without it they go on where the LWPs were.',
              }),
              name: name.optional().meta({ description: 'Name of the child process.' }),
            }),
          ],
          { error: 'the name of a program, or { program: child, kind: vfork }' },
        )
        .meta({ description: 'Makes a child process that runs the program.' }),
    }),
    z.strictObject({
      exec: program.meta({ description: 'The process runs this program from now on, alone.' }),
    }),
    z.strictObject({
      send: signalName.meta({ description: 'Sends this signal to itself,' }),
      process: name.optional().meta({ description: 'or to this process,' }),
      lwp: name.optional().meta({ description: 'or to this LWP.' }),
    }),
    z.strictObject({
      sigmask: z
        .union(
          [
            z.enum(['none', 'all']),
            z.strictObject({ block: signalList.meta({ description: 'Holds these, too.' }) }),
            z.strictObject({ unblock: signalList.meta({ description: 'No longer holds these.' }) }),
            z.strictObject({ set: signalList.meta({ description: 'Holds these and no others.' }) }),
          ],
          { error: 'none, all, { block: [USR1] }, { unblock: [USR1] } or { set: [USR1] }' },
        )
        .meta({ description: 'Sets the signal mask.' }),
    }),
    z.strictObject({ cancel: name.meta({ description: 'Name of the LWP to cancel.' }) }),
    z.strictObject({
      look_at: name.meta({ description: 'Reads sc_state through the address of that LWP, and marks it.' }),
    }),
    z.strictObject({ await: name.meta({ description: 'Waits for a wake-up from this source.' }) }),
    z.strictObject({
      sigsuspend: mask.meta({ description: 'Waits for a signal; meanwhile it holds these and no others.' }),
    }),
    z.strictObject({
      sigtimedwait: signalList.meta({
        description: 'Waits for one of these signals, and takes it without a handler.',
      }),
      timeout,
    }),
    z.strictObject({
      poll: name.meta({
        description: 'Waits until there is a wake-up from this source, and leaves it there.',
      }),
      timeout,
      sigmask: mask.optional().meta({ description: 'Meanwhile it holds these signals and no others.' }),
    }),
    z.strictObject({ proc: procLwp(name), hold }),
    newtaskStep(name),
    z.strictObject({
      priocntl: newClass(schedulingClass, 'Itself,'),
      process: name.optional().meta({ description: 'or all LWPs of this process,' }),
      lwp: name.optional().meta({ description: 'or this LWP.' }),
    }),
    z.strictObject({
      page_fault: randomDuration.meta({
        description:
          'Touches a page that is not mapped, and comes from disk in this time, in which no signal wakes the LWP; 0: it is in memory.',
      }),
    }),
  ] as const;
}

/** A class, or other parameters of the present one. */
const newClass = <C extends z.ZodType>(schedulingClass: C, who: string) =>
  schedulingClass.meta({
    description: `Sets the scheduling class, and its parameters; within a class what is not named stays. ${who}`,
  });

/** What /proc can do to an LWP. Either first does what the LWP asked for through sc_sigblock. */
const procLwp = (name: z.ZodString) =>
  name.meta({ description: 'Looks at the status of this LWP through /proc,' });
const hold = mask.optional().meta({ description: 'and has it hold these signals and no others.' });

/** processes[].signals: what a process does with signals. */
export const signalActions = (name: z.ZodString) =>
  z
    .partialRecord(signalName, name, { error: 'signals: { USR1: handler_program, PIPE: ignore }' })
    .meta({ description: 'ignore, or the name of the program that handles the signal.' });

/** processes[].arrivals: LWPs that are created one after the other. */
export function arrivalShape<D extends z.ZodType, R extends z.ZodType, C extends z.ZodType>(
  shapes: CommonShapes<D, R, C>,
) {
  const { name, randomDuration, schedulingClass } = shapes;
  return z.strictObject(
    {
      name: name.meta({ description: 'Name of the LWPs, which are numbered from 0.' }),
      program: name.meta({ description: 'Name of a program.' }),
      every: randomDuration.meta({ description: 'Time between two arrivals.' }),
      start: randomDuration.optional().meta({ description: 'Time of the first; like the others.' }),
      count: count(1_000_000).optional().meta({ description: 'How many; without it, until the end.' }),
      class: schedulingClass.optional(),
    },
    { error: 'an arrival process: { name: request, program: serve, every: { exponential: 2ms } }' },
  );
}

/** sources: where external wake-ups come from. */
export function sourceShape<D extends z.ZodType, R extends z.ZodType, C extends z.ZodType>(
  shapes: CommonShapes<D, R, C>,
) {
  const { randomDuration } = shapes;
  return z.strictObject(
    {
      every: randomDuration.meta({ description: 'Time between two wake-ups.' }),
      start: randomDuration.optional().meta({ description: 'Time of the first; like the others.' }),
    },
    { error: 'a source of wake-ups: { every: { exponential: 5ms } }' },
  );
}

/** events: what happens at a time, whatever the programs do. */
export function timedShapes<D extends z.ZodType, R extends z.ZodType, C extends z.ZodType>(
  shapes: CommonShapes<D, R, C>,
) {
  const { name, duration, schedulingClass } = shapes;
  const at = duration.meta({ description: 'When it happens.' });
  return [
    z.strictObject({
      at,
      signal: signalName.meta({ description: 'This signal is sent' }),
      process: name.optional().meta({ description: 'to this process,' }),
      lwp: name.optional().meta({ description: 'or to this LWP.' }),
    }),
    z.strictObject({
      at,
      fail: z
        .enum(['page', 'address', 'mapping'], { error: 'page, address or mapping' })
        .meta({ description: 'The allocation of a page, finding an address for it, or mapping it fails.' }),
      nth: z
        .union([z.literal('every'), count(1_000_000)], { error: 'a whole number from 1, or every' })
        .optional()
        .meta({ description: 'Which call from then on; the next one.' }),
      error: z
        .enum(['ENOMEM', 'EAGAIN', 'EINVAL'], { error: 'ENOMEM, EAGAIN or EINVAL' })
        .optional()
        .meta({ description: 'The error; ENOMEM.' }),
    }),
    z.strictObject({ at, proc: procLwp(name), hold }),
    z.strictObject({
      at,
      priocntl: newClass(schedulingClass, 'Of'),
      process: name.optional().meta({ description: 'all LWPs of this process,' }),
      lwp: name.optional().meta({ description: 'or this LWP.' }),
    }),
    z.strictObject({
      at,
      heal: z.literal('all', { error: 'all' }).meta({ description: 'No call fails any more.' }),
    }),
  ] as const;
}
