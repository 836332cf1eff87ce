/** What the operations of the class vectors have in common: what their arguments mean, and what they give. */
import type { ClassParms, Cred, NiceResult, VaParms } from '#main/emulator/kernel/disp/class-ops.ts';
import { CLASS_LISTS } from '#main/emulator/kernel/disp/class-list.ts';
import { MAX_PARTITIONS } from '#shared/model/queues.ts';
import type { ClassesWorld } from './classes-world.ts';
import type { Json } from './json.ts';
import type { VectorArguments } from './vector-arguments.ts';

/** What an operation gives; a member is undefined where the operation gives none. */
export interface Outcome {
  readonly ret?: Json | undefined;
  readonly retval?: Json | undefined;
}

export type Operation = (w: ClassesWorld, a: VectorArguments) => Outcome;

const CREDS: Readonly<Record<string, Cred | null>> = {
  priv: { setpriority: true, iaGroup: true },
  none: { setpriority: false, iaGroup: false },
  group0: { setpriority: false, iaGroup: true },
  null: null,
};

export function thread(w: ClassesWorld, a: VectorArguments, name = 't'): number {
  return w.threads.get(a.number(name)) ?? a.fail(`there is no thread ${a.number(name)}`);
}

export function process(w: ClassesWorld, a: VectorArguments, name = 'p'): number {
  const p = a.number(name);
  return w.processes.has(p) ? p : a.fail(`there is no process ${p}`);
}

export function cred(a: VectorArguments): Cred | null {
  const found = CREDS[a.string('cred')];
  return found === undefined ? a.fail(`unknown cred ${a.string('cred')}`) : found;
}

/** Members that parameters of each class have, all of them; SYS looks at none. */
const PARMS: Readonly<Record<string, readonly string[]>> = {
  SYS: [],
  TS: ['uprilim', 'upri'],
  IA: ['uprilim', 'upri', 'mode'],
  FX: ['uprilim', 'upri', 'tqsecs', 'tqnsecs'],
  FSS: ['uprilim', 'upri'],
  RT: ['pri', 'tqsecs', 'tqnsecs'],
};

/** Parameters for a class of this name. */
export function parms(a: VectorArguments, className: string): ClassParms {
  const given = a.object('parms');
  return Object.fromEntries(PARMS[className]!.map((name) => [name, given.number(name)]));
}

/** Parameters by key. */
export function vaparms(a: VectorArguments): VaParms {
  return a.rows('va').map((row) => {
    if (row.length !== 2) a.fail('`va` is not a list of pairs');
    return [row[0]!, row[1]!] as const;
  });
}

/** A number below `limit` that stands for one of so many things. */
function below(a: VectorArguments, name: string, limit: number, what: string): number {
  const value = a.number(name);
  return Number.isInteger(value) && value >= 0 && value < limit
    ? value
    : a.fail(`there is no ${what} ${value}`);
}

export const cpu = (w: ClassesWorld, a: VectorArguments): number => below(a, 'cpu', w.ncpus, 'CPU');
export const list = (a: VectorArguments): number => below(a, 'list', CLASS_LISTS, 'list');
export const pset = (a: VectorArguments): number => below(a, 'pset', MAX_PARTITIONS, 'processor set');

export function nice(result: NiceResult): Outcome {
  return { ret: result.error, retval: result.retval };
}
