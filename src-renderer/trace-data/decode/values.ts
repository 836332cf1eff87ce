/** Values of machine fields as text, by the ValueFormat of their kind. */
import {
  CID,
  flagNamesOf,
  FSS_FLAGS,
  FX_FLAGS,
  nameOf,
  OFF_CPU_REASON,
  RT_FLAGS,
  SC,
  SC_FLGS,
  TS,
  TS_FLAGS,
} from '#shared/model/enums.ts';
import { KIND_SPECS, type ValueFormat } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { wideFieldText } from '#shared/model/wide-fields.ts';
import { decisionName } from './decisions.ts';
import type { NameTable } from './names.ts';

/** `value` in the kernel's own terms: state and flag names, names of LWPs, CPUs and locks. */
function formatValue(format: ValueFormat, value: number, names: NameTable): string {
  const named = (name: (id: number) => string): string => (value < 0 ? 'none' : name(value));
  switch (format) {
    case 'number':
    case 'ticks':
    case 'flag':
      return String(value);
    case 'hex32':
      return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
    case 'threadState':
      return value === TS.FREE ? 'TS_FREE' : `TS_${nameOf(TS, value)}`;
    case 'scState':
      // schedctl_save() copies t_state, and there is no SC_ZOMB.
      return value === TS.ZOMB ? 'TS_ZOMB' : nameOf(SC, value);
    case 'scFlags':
      return flags(SC_FLGS, value);
    case 'classId':
      return nameOf(CID, value);
    case 'tsFlags':
      return flags(TS_FLAGS, value);
    case 'fxFlags':
      return flags(FX_FLAGS, value);
    case 'fssFlags':
      return flags(FSS_FLAGS, value);
    case 'rtFlags':
      return flags(RT_FLAGS, value);
    case 'offCpuReason':
      return nameOf(OFF_CPU_REASON, value);
    case 'lwp':
      return named(names.lwp);
    case 'cpu':
      return value < 0 ? 'none' : String(value);
    case 'process':
      return named(names.process);
    case 'page':
      return named(names.page);
    case 'slot':
      return named(names.slot);
    case 'sync':
      return named(names.sync);
    case 'queue':
      return named(names.queue);
    case 'decision':
      return decisionName(value);
  }
}

/** A value of a field of kind `kind`. */
export function formatField(kind: number, value: number, names: NameTable): string {
  const spec = KIND_SPECS[kind];
  return spec === undefined ? String(value) : formatValue(spec.format, value, names);
}

function flags(table: Readonly<Record<string, number>>, value: number): string {
  if (value === 0) return 'none';
  const set = flagNamesOf(table, value);
  const known = set.reduce((sum, name) => sum | table[name]!, 0);
  const rest = value & ~known;
  return [...set, ...(rest === 0 ? [] : [`0x${(rest >>> 0).toString(16)}`])].join(' ');
}

/** The value of a field in a state; a 64-bit field, by its low word, as a whole. */
export function fieldText(state: MachineState, kind: number, id: number, names: NameTable): string {
  return wideFieldText(state, kind, id) ?? formatField(kind, state.read(kind, id), names);
}
