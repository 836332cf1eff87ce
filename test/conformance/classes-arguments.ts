/** What the operations of the class vectors have in common: what their arguments mean, and what they give. */
import type { ClassParms, Cred, NiceResult } from '#main/emulator/kernel/disp/class-ops.ts';
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

export function parms(a: VectorArguments): ClassParms {
  return { ...a.object('parms').line } as ClassParms;
}

export function nice(result: NiceResult): Outcome {
  return { ret: result.error, retval: result.retval };
}
