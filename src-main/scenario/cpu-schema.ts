/** The scenario language about CPUs and processor sets: psradm(1M) and psrset(1M). */
import { z } from 'zod';
import { MAX_CPUS } from '#shared/model/queues.ts';

const cpuNumber = z
  .int({ error: 'the number of a CPU' })
  .min(0, { error: 'the number of a CPU' })
  .max(MAX_CPUS - 1, { error: 'the number of a CPU' });

const forced = z
  .boolean({ error: 'true or false' })
  .optional()
  .meta({ description: 'LWPs that are bound to the CPU are unbound first; otherwise they are in the way.' });

/** processor_sets: CPUs of each set at the start. */
export const processorSets = (name: z.ZodString) =>
  z
    .record(name, z.array(cpuNumber, { error: 'a list of CPUs: [2, 3]' }), {
      error: 'CPUs by set: { batch: [2, 3] }',
    })
    .meta({ description: 'Processor sets with their CPUs at the start; the others are in the default set.' });

/** What happens to CPUs at a time. The kernel may refuse; then nothing happens. */
export function cpuEventShapes<D extends z.ZodType>(shapes: {
  readonly name: z.ZodString;
  readonly duration: D;
}) {
  const { name, duration } = shapes;
  const at = duration.meta({ description: 'When it happens.' });
  const set = name.meta({ description: 'Name of a processor set, or default.' });
  return [
    z.strictObject({
      at,
      offline: cpuNumber.meta({
        description:
          'The CPU takes no threads any more. Refused for the last CPU of a set, and where LWPs are bound to it.',
      }),
      forced,
    }),
    z.strictObject({ at, online: cpuNumber.meta({ description: 'The CPU takes threads again.' }) }),
    z.strictObject({
      at,
      assign: cpuNumber.meta({
        description:
          'The CPU goes to another set. Refused for the last CPU of the default set, or of a set in use.',
      }),
      set,
      forced,
    }),
    z.strictObject({
      at,
      bind: set,
      process: name.optional().meta({ description: 'All LWPs of this process,' }),
      lwp: name.optional().meta({ description: 'or this LWP, run on the CPUs of that set from now on.' }),
    }),
  ] as const;
}
