/** The machine's state as plain objects: every field that differs from its initial value, under its kernel name. */
import type { StateAt, TraceSummary } from '#shared/api/contract.ts';
import { PAGE_KIND } from '#shared/model/enums.ts';
import { KIND_SPECS, KIND_NAMES, KIND, SLOT_ID_STRIDE, type Subject } from '#shared/model/kinds.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { scSharedBytes } from '#shared/model/sc-shared.ts';

export type Fields = Readonly<Record<string, number>>;

export interface MachineFacts {
  /** The last transition applied, 0 for none, and its time. */
  readonly sequence: number;
  readonly timeNs: number;
  /** MachineState.digest(): two machines with the same digest are the same. */
  readonly digest: string;
  readonly machine: Fields;
  readonly cpus: readonly { readonly id: number; readonly name: string; readonly fields: Fields }[];
  readonly processes: readonly {
    readonly id: number;
    readonly pid: number;
    readonly name: string;
    readonly fields: Fields;
  }[];
  readonly lwps: readonly {
    readonly id: number;
    readonly process: number;
    readonly lwpNumber: number;
    readonly name: string;
    readonly fields: Fields;
  }[];
  readonly pages: readonly { readonly id: number; readonly process: number; readonly fields: Fields }[];
  /** Slots in use or used before: `bytes` are the 16 of sc_shared_t, in hexadecimal; null for an rseq area. */
  readonly slots: readonly {
    readonly page: number;
    readonly index: number;
    readonly bytes: string | null;
    readonly fields: Fields;
  }[];
  readonly syncs: readonly { readonly id: number; readonly name: string; readonly fields: Fields }[];
}

export function machineFacts(at: StateAt, trace: TraceSummary): MachineFacts {
  const state = MachineState.deserialize(at.words);
  const of = (subject: Subject, id: number): Fields => fieldsOf(state, subject, id);
  const rseq = new Set(trace.pages.filter(({ kind }) => kind === PAGE_KIND.rseq).map(({ id }) => id));
  const slots = [];
  for (let slot = 0; slot < state.countOf('slot'); slot++) {
    const fields = of('slot', slot);
    if (Object.keys(fields).length === 0) continue;
    slots.push({
      page: Math.floor(slot / SLOT_ID_STRIDE),
      index: slot % SLOT_ID_STRIDE,
      bytes: rseq.has(Math.floor(slot / SLOT_ID_STRIDE))
        ? null
        : Buffer.from(scSharedBytes(state, slot)).toString('hex'),
      fields,
    });
  }
  return {
    sequence: at.sequence,
    timeNs: at.timeNs,
    digest: state.digest(),
    machine: of('machine', 0),
    cpus: trace.cpus.map(({ id, name }) => ({ id, name, fields: of('cpu', id) })),
    processes: trace.processes.map((process) => ({ ...process, fields: of('process', process.id) })),
    lwps: trace.lwps.map((lwp) => ({ ...lwp, fields: of('lwp', lwp.id) })),
    pages: trace.pages.map(({ id, process }) => ({ id, process, fields: of('page', id) })),
    slots,
    syncs: trace.syncs.map(({ id, name }) => ({ id, name, fields: of('sync', id) })),
  };
}

function fieldsOf(state: MachineState, subject: Subject, id: number): Fields {
  const fields: Record<string, number> = {};
  for (let kind = 0; kind < KIND_SPECS.length; kind++) {
    const spec = KIND_SPECS[kind]!;
    if (spec.subject !== subject || spec.note) continue;
    const value = state.read(kind, id);
    if (value !== spec.initial) fields[KIND_NAMES[kind]!] = value;
  }
  return fields;
}

/** Value of a field in facts, where absence means the initial one. */
export function fieldOf(fields: Fields, name: keyof typeof KIND): number {
  return fields[name] ?? KIND_SPECS[KIND[name]]!.initial;
}
