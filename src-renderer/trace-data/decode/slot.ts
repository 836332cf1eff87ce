/** The 16 bytes of a slot in front of people: bytes, value and meaning of each field. */
import type { LwpId, Seq, SlotId } from '#shared/base/brands.ts';
import { flagNamesOf, SC, SC_FLGS, TS } from '#shared/model/enums.ts';
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { SC_FIELDS, scSharedBytes, type ScField } from '#shared/model/sc-shared.ts';
import { className } from './states.ts';
import type { NameTable } from './names.ts';
import { formatField } from './values.ts';

export interface SlotFieldView {
  readonly field: ScField;
  readonly kind: number;
  /** Without the common prefix: `nopreempt`. */
  readonly shortName: string;
  /** To stand over the field's bytes: no wider than they are. */
  readonly byteLabel: string;
  /** In memory order: `01 00`. */
  readonly hex: string;
  readonly value: string;
  /** What the value means, a few words; '' where the value says it all. */
  readonly meaning: string;
  /** Row that last assigned the field, 0 for none since the start of the trace. */
  readonly changedSequence: Seq;
}

const STATE_MEANING: Readonly<Record<number, string>> = {
  [SC.SC_FREE]: 'not switched yet, or the slot is free',
  [SC.SC_SLEEP]: 'asleep',
  [SC.SC_RUN]: 'waiting for a CPU',
  [SC.SC_ONPROC]: 'on a CPU',
  [SC.SC_STOPPED]: 'stopped',
  [SC.SC_WAIT]: 'waiting',
  [TS.ZOMB]: 'ended; schedctl.h has no name for it',
};

const FLAG_MEANING: Readonly<Record<string, string>> = {
  SC_PARK_FLG: 'about to park',
  SC_CANCEL_FLG: 'cancellation pending',
  SC_EINTR_FLG: 'a call was interrupted',
};

const PREFIX = 'sc_';
/** Fields whose names are wider than their bytes. */
const BYTE_LABEL: Readonly<Partial<Record<ScField['name'], string>>> = {
  sc_sigblock: 'sigblk',
  sc_priority: 'prio',
};

/** Kinds that stand for fields of an rseq area. */
const RSEQ_KINDS: ReadonlySet<number> = new Set([KIND.sc_cpu, KIND.sc_nopreempt]);

/** The fields of `slot` in memory order; of an rseq area those that the trace has shown. */
export function slotFields(state: MachineState, slot: SlotId, names: NameTable): SlotFieldView[] {
  const isRseq = names.isRseqPage(Math.floor(slot / SLOT_ID_STRIDE));
  const bytes = scSharedBytes(state, slot);
  const fields = SC_FIELDS.filter(({ name }) => {
    const kind = KIND[name];
    return !isRseq || (RSEQ_KINDS.has(kind) && (state.changed?.[kind]?.[slot] ?? 0) > 0);
  });
  return fields.map((field) => {
    const kind = KIND[field.name];
    const value = state.read(kind, slot);
    return {
      field,
      kind,
      shortName: isRseq ? names.field(kind, slot).split('.').at(-1)! : field.name.slice(PREFIX.length),
      byteLabel: BYTE_LABEL[field.name] ?? field.name.slice(PREFIX.length),
      hex: hexOf(bytes.subarray(field.offset, field.offset + field.bytes)),
      value: formatField(kind, value, names),
      meaning: isRseq ? rseqMeaning(kind, value) : meaningOf(field, value),
      changedSequence: state.changed?.[kind]?.[slot] ?? 0,
    };
  });
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function rseqMeaning(kind: number, value: number): string {
  if (kind === KIND.sc_cpu) return 'CPU that the kernel stored last';
  return value === 0 ? 'no time slice extension' : 'a time slice extension is granted';
}

function meaningOf(field: ScField, value: number): string {
  switch (field.name) {
    case 'sc_state':
      return STATE_MEANING[value] ?? '';
    case 'sc_sigblock':
      return value === 0 ? 'signals as masked' : 'blocks all maskable signals';
    case 'sc_flgs':
      return flagNamesOf(SC_FLGS, value)
        .map((name) => FLAG_MEANING[name])
        .join(', ');
    case 'sc_cpu':
      return 'CPU where it last ran';
    case 'sc_cid':
      return `scheduling class ${className(value)}`;
    case 'sc_cpri':
      return 'class priority';
    case 'sc_priority':
      return 'dispatch priority';
    case 'sc_nopreempt':
      return value === 0 ? 'no request' : 'asks not to be preempted';
    case 'sc_yield':
      return value === 0 ? 'no yield requested' : 'asked to yield soon';
    default:
      return '';
  }
}

/** What the slot map shows of one slot. */
export type SlotUse = 'used' | 'freed' | 'never';

export interface SlotCell {
  readonly slot: SlotId;
  /** Index on its page. */
  readonly index: number;
  readonly use: SlotUse;
  /** LWP that holds it, -1 where none does. */
  readonly lwp: LwpId;
  /** Row that last changed its allocation, 0 for none. */
  readonly changedSequence: Seq;
}

/** Slots on a page of 4096 bytes. */
export const SLOTS_PER_PAGE = 256;

/** The slots of `page` in order. Freed slots stay readable: user code may still look at them. */
export function slotMap(state: MachineState, page: number): SlotCell[] {
  return Array.from({ length: SLOTS_PER_PAGE }, (_, index) => {
    const slot = page * SLOT_ID_STRIDE + index;
    const allocated = state.read(KIND.slot_allocated, slot) !== 0;
    const changedSequence = state.changed?.[KIND.slot_allocated]?.[slot] ?? 0;
    return {
      slot,
      index,
      use: allocated ? 'used' : changedSequence > 0 ? 'freed' : 'never',
      lwp: allocated ? state.read(KIND.slot_lwp, slot) : -1,
      changedSequence,
    };
  });
}
