/** What a scheduling class keeps for a thread, in the order in which a reader wants it. */
import type { LwpId, Seq } from '#shared/base/brands.ts';
import { CID } from '#shared/model/enums.ts';
import { KIND, type KindName } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { SC_MAX_TICKS } from '#shared/model/sc-shared.ts';
import type { NameTable } from './names.ts';
import { fieldText } from './values.ts';

export interface ClassField {
  readonly kind: number;
  /** The kernel's name without the class's prefix: `cpupri`. */
  readonly shortName: string;
  readonly value: string;
  readonly changedSequence: Seq;
}

/** The quantum running out, and the grace of preemption control behind it. */
export interface Budget {
  readonly timeleft: number;
  /** Lower end of the scale: -SC_MAX_TICKS. */
  readonly floor: number;
  /** Upper end of the scale, in ticks: a round number that holds `timeleft`. */
  readonly ceiling: number;
  readonly infinite: boolean;
  readonly changedSequence: Seq;
}

export interface ClassData {
  readonly cid: number;
  readonly fields: readonly ClassField[];
  /** Null for classes without a quantum. */
  readonly budget: Budget | null;
}

type Prefix = 'ts' | 'fx' | 'fss' | 'rt';

const PREFIX_OF_CLASS: Readonly<Record<number, Prefix>> = {
  [CID.TS]: 'ts',
  [CID.IA]: 'ts',
  [CID.FX]: 'fx',
  [CID.FSS]: 'fss',
  [CID.RT]: 'rt',
};

const FIELDS: Readonly<Record<Prefix, readonly KindName[]>> = {
  ts: ['ts_cpupri', 'ts_umdpri', 'ts_upri', 'ts_boost', 'ts_flags', 'ts_scpri', 'ts_nice', 'ts_dispwait'],
  fx: ['fx_pri', 'fx_uprilim', 'fx_pquantum', 'fx_flags', 'fx_nice'],
  fss: ['fss_umdpri', 'fss_upri', 'fss_fsspri', 'fss_flags', 'fss_scpri', 'fss_nice', 'fss_ticks'],
  rt: ['rt_pri', 'rt_pquantum', 'rt_flags', 'rt_tqsignal'],
};

const TIMELEFT: Readonly<Record<Prefix, number>> = {
  ts: KIND.ts_timeleft,
  fx: KIND.fx_timeleft,
  fss: KIND.fss_timeleft,
  rt: KIND.rt_timeleft,
};

/** fx.h, rt.h: a quantum that never ends. */
const TQINF = -2;
const SCALE_CEILINGS = [20, 40, 100, 200, 500, 1000];

/** Class data of a thread; null where its class keeps none (SYS) or is not known. */
export function classData(state: MachineState, lwp: LwpId, names: NameTable): ClassData | null {
  const cid = state.read(KIND.t_cid, lwp);
  const prefix = PREFIX_OF_CLASS[cid];
  if (prefix === undefined) return null;
  const changed = (kind: number): number => state.changed?.[kind]?.[lwp] ?? 0;
  const fields = FIELDS[prefix].map((name) => {
    const kind = KIND[name];
    return {
      kind,
      shortName: name.slice(prefix.length + 1),
      value: fieldText(state, kind, lwp, names),
      changedSequence: changed(kind),
    };
  });
  const timeleft = state.read(TIMELEFT[prefix], lwp);
  const quantum = prefix === 'fx' ? KIND.fx_pquantum : prefix === 'rt' ? KIND.rt_pquantum : null;
  return {
    cid,
    fields,
    budget: {
      timeleft,
      floor: -SC_MAX_TICKS,
      ceiling: SCALE_CEILINGS.find((ceiling) => ceiling >= timeleft) ?? timeleft,
      infinite: quantum !== null && state.read(quantum, lwp) === TQINF,
      changedSequence: changed(TIMELEFT[prefix]),
    },
  };
}
