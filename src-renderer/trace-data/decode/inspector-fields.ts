/** The fields that the inspector shows of each thing, in the order in which a reader wants them. */
import type { LwpId } from '#shared/base/brands.ts';
import { CID } from '#shared/model/enums.ts';
import { KIND, KIND_SPECS, type KindName } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';

export type FieldSubject = 'cpu' | 'process' | 'page' | 'sync' | 'machine';

export const FIELDS_OF: Readonly<Record<FieldSubject, readonly KindName[]>> = {
  cpu: [
    'cpu_dispthread',
    'cpu_dispatch_pri',
    'cpu_runrun',
    'cpu_kprunrun',
    'cpu_chosen_level',
    'disp_nrunnable',
    'disp_maxrunpri',
    'disp_max_unbound_pri',
    'disp_steal',
    'cpu_online',
    'cpu_part',
  ],
  process: ['p_alive', 'p_project', 'p_lwpcnt', 'p_as', 'p_vfork', 'p_sig0', 'p_sig1', 'p_sig2'],
  page: ['page_process', 'spc_space', 'page_references', 'page_kernel_mapping'],
  sync: ['sync_owner', 'sync_waiters', 'sync_count'],
  machine: ['lbolt', 'live_anon_maps', 'live_kernel_pages', 'live_anon_pages', 'live_kernel_heap'],
};

/** Fields of a thread beside its slot and its class data. */
export const THREAD_FIELDS: readonly KindName[] = [
  't_state',
  'off_cpu_reason',
  'user_spin',
  't_pri',
  't_epri',
  't_cpri',
  't_cid',
  't_cpu',
  't_bound_cpu',
  't_cpupart',
  't_queue',
  't_wchan',
  'ul_preempt',
  't_kpri_req',
  't_trapret',
  't_astflag',
  't_disp_time',
  't_stime',
  't_unpark',
  't_hold0',
  't_hold1',
  't_hold2',
  't_sig0',
  't_sig1',
  't_sig2',
  'lwp_cursig',
];

/** Fields of the thread's class: of all that the trace knows, those of its own class. */
export function classFields(cid: number): readonly KindName[] {
  const prefix = PREFIX[cid];
  return prefix === undefined
    ? []
    : (Object.keys(KIND) as KindName[]).filter((name) => name.startsWith(prefix));
}

const PREFIX: Readonly<Record<number, string>> = {
  [CID.TS]: 'ts_',
  [CID.IA]: 'ts_',
  [CID.FX]: 'fx_',
  [CID.FSS]: 'fss_',
  [CID.RT]: 'rt_',
};

/** What FSS charges for a thread: the account of its project, that of the zone, and the processor set. */
export interface ShareAccount {
  readonly fssproj: number;
  readonly fsszone: number;
  readonly cpupart: number;
}

/** Fields of the three, in the order of {@link ShareAccount}. */
export const SHARE_FIELDS = {
  fssproj: [
    'fssp_proj',
    'fssp_shares',
    'fssp_threads',
    'fssp_runnable',
    'fssp_ticks',
    'fssp_usage',
    'fssp_shusage',
  ],
  fsszone: ['fssz_zone', 'fssz_rshares', 'fssz_shares', 'fssz_runnable'],
  cpupart: ['fssps_shares', 'fssps_maxfsspri'],
} as const satisfies Readonly<Record<keyof ShareAccount, readonly KindName[]>>;

/** Null for a thread that is not in FSS, has ended, or is of a trace that does not know these accounts. */
export function shareAccount(state: MachineState, lwp: LwpId): ShareAccount | null {
  if (state.read(KIND.t_cid, lwp) !== CID.FSS) return null;
  const fssproj = state.read(KIND.fss_proj, lwp);
  const fsszone = fssproj < 0 ? -1 : state.read(KIND.fssp_fsszone, fssproj);
  if (fsszone < 0) return null;
  return { fssproj, fsszone, cpupart: state.read(KIND.fssp_pset, fssproj) };
}

/** The kinds of these fields that the trace has ever assigned for this subject; all of them where `all`. */
export function knownKinds(
  state: MachineState,
  names: readonly KindName[],
  id: number,
  all: boolean,
): number[] {
  return names
    .map((name) => KIND[name])
    .filter((kind) => KIND_SPECS[kind]?.note !== true && (all || (state.changed?.[kind]?.[id] ?? 0) > 0));
}
