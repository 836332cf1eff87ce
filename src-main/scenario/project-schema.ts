/** The scenario language about projects and zones, and what dispadmin(8) sets: what the classes FSS and RT go by. */
import { z } from 'zod';

const whole = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

/** FSS_MAXSHARES: the highest value of project.cpu-shares and zone.cpu-shares. */
const shares = whole(0, 65_535);

/** zones: shares of each zone. */
export const zones = (name: z.ZodString) =>
  z.record(name, shares, { error: 'shares by zone: { web: 3, batch: 1 }' }).meta({
    description:
      'Zones and their shares (zone.cpu-shares), for the class FSS: zones share the CPUs, and the projects of a zone share what it gets. The global zone, global, is always there, with 1 share unless it is listed.',
  });

/** projects: shares of each project, and its zone. */
export const projects = (name: z.ZodString) =>
  z
    .record(
      name,
      z.union(
        [
          shares,
          z.strictObject({
            shares: shares.optional().meta({ description: 'project.cpu-shares; 1.' }),
            zone: name.optional().meta({ description: 'Zone that it belongs to; global.' }),
          }),
        ],
        { error: 'shares, a whole number from 0 to 65535, or { shares: 20, zone: web }' },
      ),
      { error: 'shares by project: { web: 20, batch: { shares: 10, zone: back } }' },
    )
    .meta({
      description:
        'Projects and their shares (project.cpu-shares), for the class FSS. A project system of the global zone is the project 0 of the kernel, whose usage FSS weighs by its zone alone.',
    });

/** fss_quantum and rt_quanta: what dispadmin(8) sets. */
export const classParameters = <D extends z.ZodType, Q extends z.ZodType>(duration: D, quantum: Q) => ({
  fss_quantum: duration
    .optional()
    .meta({ description: 'Time slice of the class FSS, in whole ticks and less than a second; 11 ticks.' }),
  rt_quanta: z
    .array(quantum, { error: '60 time slices, one for each level from 0' })
    .length(60, { error: '60 time slices, one for each level from 0' })
    .optional()
    .meta({ description: 'Time slice of each level of the class RT, from 0: the RT dispatch table.' }),
});

/** What happens to projects and zones at a time: prctl(1) and newtask(1). */
export function projectEventShapes<D extends z.ZodType>(shapes: {
  readonly name: z.ZodString;
  readonly duration: D;
}) {
  const { name, duration } = shapes;
  const at = duration.meta({ description: 'When it happens.' });
  return [
    z.strictObject({
      at,
      shares: shares.meta({ description: 'So many shares has from now on' }),
      project: name.optional().meta({ description: 'this project,' }),
      zone: name.optional().meta({ description: 'or this zone.' }),
    }),
    z.strictObject({
      at,
      newtask: name.meta({ description: 'To this project, which is of its zone, goes' }),
      process: name.meta({ description: 'this process.' }),
    }),
  ] as const;
}

/** The step by which a process goes to another project. */
export const newtaskStep = (name: z.ZodString) =>
  z.strictObject({
    newtask: name.meta({
      description: 'The process goes to this project, which is of its zone (settaskid).',
    }),
  });
