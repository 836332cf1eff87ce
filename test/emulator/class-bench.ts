/**
 * A bench for single functions of the scheduling classes: threads without a dispatcher, stepped through calls
 * as a table of "given, call, then".
 *
 * It is the world of the class vectors (test/conformance/classes-world.ts): queues, CPUs and clock are input,
 * dispatcher calls and probes are recorded.
 */
import { expect } from 'vitest';
import { NONE } from '#shared/base/none.ts';
import { CAUSE, CAUSE_NAMES } from '#shared/model/causes.ts';
import {
  DECISION,
  FSS_FLAGS,
  FX_FLAGS,
  RT_FLAGS,
  TS,
  TS_FLAGS,
  flagNamesOf,
  nameOf,
} from '#shared/model/enums.ts';
import { KIND, KIND_NAMES, type KindName } from '#shared/model/kinds.ts';
import type { ClassParms, Cred, Errno } from '#main/emulator/kernel/disp/class-ops.ts';
import { TS_DPTBL_DEFAULT, type TsDptbl } from '#main/emulator/kernel/disp/ts-dptbl.ts';
import { ClassesWorld } from '../conformance/classes-world.ts';

export const PRIVILEGED: Cred = { setpriority: true, iaGroup: true };
export const UNPRIVILEGED: Cred = { setpriority: false, iaGroup: false };

type ClassName = 'SYS' | 'TS' | 'IA' | 'FX' | 'FSS' | 'RT';
type Value = number | string | readonly string[];
/**
 * Fields of a thread by short name: `pri` (t_pri), `state`, `nopreempt`, and those of its class without
 * prefix, unless the thread has a field of that name (`rt_pri`, `fx_pri`).
 */
export type Fields = Readonly<Record<string, Value>>;

const STATES = {
  sleep: TS.SLEEP,
  run: TS.RUN,
  onproc: TS.ONPROC,
  stopped: TS.STOPPED,
  wait: TS.WAIT,
} as const;

const THREAD_FIELDS: Readonly<Record<string, number>> = {
  pri: KIND.t_pri,
  epri: KIND.t_epri,
  cpri: KIND.t_cpri,
  disp_time: KIND.t_disp_time,
  stime: KIND.t_stime,
  trapret: KIND.t_trapret,
};

const SLOT_FIELDS: Readonly<Record<string, number>> = { nopreempt: KIND.sc_nopreempt, yield: KIND.sc_yield };

const CLASS_FIELDS: Readonly<Record<ClassName, { prefix: string; flags: Readonly<Record<string, number>> }>> =
  {
    SYS: { prefix: 'sys_', flags: {} },
    TS: { prefix: 'ts_', flags: TS_FLAGS },
    IA: { prefix: 'ts_', flags: TS_FLAGS },
    FX: { prefix: 'fx_', flags: FX_FLAGS },
    FSS: { prefix: 'fss_', flags: FSS_FLAGS },
    RT: { prefix: 'rt_', flags: RT_FLAGS },
  };

/** Calls of a class on one thread that return nothing. */
export type BenchCall = 'tick' | 'preempt' | 'yield' | 'sleep' | 'wakeup' | 'setrun' | 'trapret' | 'update';

/** One row of a table of steps. */
export interface Step {
  /** Fields stored before the call; the thread's CPU takes part in a change of `state`. */
  readonly given?: Fields;
  readonly call: BenchCall;
  /** Every field that the call changes, and no other. */
  readonly then?: Fields;
  /** Dispatcher calls and probes, in order. */
  readonly calls?: readonly string[];
}

export interface BenchOptions {
  readonly dptbl?: TsDptbl;
  /** Shares of projects 1 and on; process n is in project n. Without them all processes are in project 1. */
  readonly shares?: readonly number[];
  /** The classes keep the flags of the swapper (t_schedflag), which otherwise do not exist. */
  readonly withSwapping?: boolean;
}

export class ClassBench {
  readonly world: ClassesWorld;
  private readonly hasProjects: boolean;
  private nextId = 1;

  constructor(options: BenchOptions = {}) {
    this.world = new ClassesWorld({
      hz: 100,
      ncpus: 2,
      ts_dptbl: options.dptbl ?? TS_DPTBL_DEFAULT,
      withSwapping: options.withSwapping ?? false,
    });
    this.hasProjects = options.shares !== undefined;
    (options.shares ?? []).forEach((shares, index) => this.setShares(index + 1, shares));
  }

  /** A stopped thread of process `p`, with a shared structure, that has entered a class. */
  thread(klass: ClassName, parms: ClassParms | null = null, p = 1): number {
    const { world } = this;
    if (!world.processes.has(p)) {
      world.addProcess(p, 100 + p, 100 + p, 100 + p, undefined);
      if (this.hasProjects) world.machine.set(KIND.p_project, p, p, CAUSE.setup);
    }
    const t = world.addThread(this.nextId++, p, 0, 0);
    world.addSlot(t);
    if (klass !== 'SYS') {
      const { cid } = world.classes.sclass.find(({ name }) => name === klass)!;
      expect(world.classes.enterclass(t, cid, parms, null)).toBe(0);
    }
    return t;
  }

  /** Sets project.cpu-shares. */
  setShares(project: number, shares: number): void {
    const { machine } = this.world;
    machine.ensure('machine', project);
    machine.set(KIND.kpj_shares, project, shares, CAUSE.rctl_set);
  }

  /** The class that `t` is in. */
  className(t: number): ClassName {
    return this.world.classes.of(t).name as ClassName;
  }

  /** Stores fields; those of `maxrunpri`, `kpmaxrunpri` and `lbolt` are not the thread's own. */
  set(t: number, given: Fields): void {
    const { machine } = this.world;
    for (const [name, value] of Object.entries(given)) {
      if (name === 'state') {
        this.world.enterState(t, STATES[value as keyof typeof STATES]);
      } else if (name === 'flags') {
        const { flags } = CLASS_FIELDS[this.className(t)];
        const bits = (value as readonly string[]).reduce((sum, flag) => sum | flags[flag]!, 0);
        machine.set(this.kindOf(t, 'flags'), t, bits, CAUSE.setup);
      } else if (name === 'maxrunpri') {
        machine.set(KIND.disp_maxrunpri, machine.get(KIND.t_cpu, t), value as number, CAUSE.setup);
      } else if (name === 'lbolt') {
        machine.set(KIND.lbolt, 0, value as number, CAUSE.setup);
      } else if (name in SLOT_FIELDS) {
        machine.set(SLOT_FIELDS[name]!, machine.get(KIND.t_schedctl, t), value as number, CAUSE.user_store);
      } else {
        machine.set(this.kindOf(t, name), t, value as number, CAUSE.setup);
      }
    }
  }

  /** The fields of a thread, its class and its shared structure. */
  fields(t: number): Record<string, Value> {
    const { machine } = this.world;
    const klass = CLASS_FIELDS[this.className(t)];
    const fields: Record<string, Value> = { state: nameOf(STATES, machine.get(KIND.t_state, t)) };
    for (const [name, kind] of Object.entries(THREAD_FIELDS)) fields[name] = machine.get(kind, t);
    const slot = machine.get(KIND.t_schedctl, t);
    if (slot !== NONE) {
      for (const [name, kind] of Object.entries(SLOT_FIELDS)) fields[name] = machine.get(kind, slot);
    }
    for (const name of KIND_NAMES) {
      if (!name.startsWith(klass.prefix)) continue;
      const short = name.slice(klass.prefix.length);
      fields[short in THREAD_FIELDS ? name : short] = machine.get(KIND[name], t);
    }
    if ('flags' in fields) fields.flags = flagNamesOf(klass.flags, fields.flags as number);
    return fields;
  }

  /** Makes one call. The thread is the current one where the class expects it to be. */
  call(t: number, call: BenchCall): void {
    const { world } = this;
    const ops = world.classes.of(t);
    world.calls = [];
    world.machine.curthread = ['preempt', 'yield', 'sleep', 'trapret'].includes(call) ? t : NONE;
    if (call === 'update') {
      if (ops.name === 'FSS') world.classes.fss.fss_update();
      else world.classes.ts.ts_update();
    } else {
      ops[`cl_${call}`](t);
    }
    world.machine.curthread = NONE;
  }

  /** CL_PARMSSET with the checks around it, asked for by some thread outside. */
  parmsset(t: number, parms: ClassParms, cred: Cred | null = PRIVILEGED): Errno {
    this.world.calls = [];
    return this.world.classes.parmsset(t, parms, cred);
  }

  /**
   * What was called, as text: `setbackdq 29`, `cpu_surrender`, `probe schedctl-nopreempt`, `timeout fss_update 100`.
   */
  callTexts(): string[] {
    return this.world.calls.map((call) => {
      const [name, ...rest] = call as readonly (string | number)[];
      if (name === 'probe') {
        const [probe, subject, pri] = rest;
        if (probe === 'change-pri') return `change-pri ${pri}`;
        return probe === 'schedctl-yield' ? `probe ${probe} ${subject}` : `probe ${probe}`;
      }
      if (name === 'timeout') return [name, ...rest].join(' ');
      // All else has the thread first, which the table is about.
      return [name, ...rest.slice(1)].join(' ');
    });
  }

  /** Steps `t` through a table: each call must change what its row says and nothing else. */
  steps(t: number, table: readonly Step[]): void {
    for (const [index, { given, call, then = {}, calls = [] }] of table.entries()) {
      if (given !== undefined) this.set(t, given);
      const before = this.fields(t);
      this.call(t, call);
      const after = this.fields(t);
      const changed = Object.fromEntries(
        Object.entries(after).filter(([name, value]) => String(value) !== String(before[name])),
      );
      expect({ changed, calls: this.callTexts() }, `step ${index + 1}: ${call}`).toEqual({
        changed: then,
        calls,
      });
    }
  }

  /** Decisions of preemption control recorded since the last call, as `place: outcome at timeleft`. */
  takeDecisions(): string[] {
    const { probe } = this.world.machine;
    const texts: string[] = [];
    for (let batch = probe.takeFilled() ?? probe.takeLast(); batch.length > 0;) {
      const { kind, object, cause, oldValue } = batch.columns;
      for (let row = 0; row < batch.length; row++) {
        if (kind[row] !== KIND.decision) continue;
        texts.push(`${CAUSE_NAMES[cause[row]!]}: ${nameOf(DECISION, object[row]!)} at ${oldValue[row]}`);
      }
      batch = probe.takeFilled() ?? probe.takeLast();
    }
    return texts;
  }

  private kindOf(t: number, name: string): number {
    const own = THREAD_FIELDS[name];
    if (own !== undefined) return own;
    const { prefix } = CLASS_FIELDS[this.className(t)];
    const kind = KIND[(name.startsWith(prefix) ? name : `${prefix}${name}`) as KindName] as
      number | undefined;
    if (kind === undefined) throw new Error(`a ${this.className(t)} thread has no field ${name}`);
    return kind;
  }
}
