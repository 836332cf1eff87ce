/** Groups of kinds that a reader filters by, and every kind alone. */
import { KIND, KIND_NAMES, KIND_SPECS } from '#shared/model/kinds.ts';

export interface KindFilter {
  readonly id: string;
  readonly title: string;
  readonly kinds: readonly number[];
}

const byPrefix = (...prefixes: string[]): number[] =>
  KIND_NAMES.flatMap((name, kind) => (prefixes.some((prefix) => name.startsWith(prefix)) ? [kind] : []));

export const KIND_GROUPS: readonly KindFilter[] = [
  { id: 'decisions', title: 'Decisions', kinds: [KIND.decision] },
  { id: 'switches', title: 'Context switches', kinds: [KIND.cpu_dispthread] },
  {
    id: 'states',
    title: 'Scheduling states',
    kinds: [KIND.t_state, KIND.off_cpu_reason, KIND.user_spin, KIND.lwp_alive],
  },
  { id: 'shared', title: 'Shared pages', kinds: byPrefix('sc_', 'slot_') },
  { id: 'class', title: 'Class data', kinds: byPrefix('ts_', 'fx_', 'fss_', 'rt_') },
  { id: 'priorities', title: 'Priorities', kinds: [KIND.t_pri, KIND.t_epri, KIND.t_cpri] },
  { id: 'queues', title: 'Queues', kinds: [KIND.t_queue, ...byPrefix('disp_')] },
  { id: 'cpus', title: 'CPUs', kinds: byPrefix('cpu_') },
  { id: 'locks', title: 'Locks', kinds: [...byPrefix('sync_'), KIND.t_wchan] },
  {
    id: 'losses',
    title: 'Losses and marks',
    kinds: [KIND.events_lost, KIND.chain_broken, KIND.user_mark],
  },
];

/** One for each kind, by its kernel name. */
export const SINGLE_KINDS: readonly KindFilter[] = KIND_NAMES.map((name, kind) => ({
  id: name,
  title: `${name}: ${KIND_SPECS[kind]!.about.split(':')[0]!.split(';')[0]!}`,
  kinds: [kind],
}));

const ALL = [...KIND_GROUPS, ...SINGLE_KINDS];

/** Kinds of a filter by its id; undefined for all kinds. */
export function kindsOf(id: string): readonly number[] | undefined {
  return ALL.find((filter) => filter.id === id)?.kinds;
}
