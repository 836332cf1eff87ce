/** The emulator's state in the terms of the class vectors (classes/README.md and fss-rt/README.md, "State"). */
import { NONE } from '#shared/base/none.ts';
import { CID, FSS_FLAGS, FX_FLAGS, RT_FLAGS, TS_FLAGS, flagNamesOf } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { scSharedBytes } from '#shared/model/sc-shared.ts';
import { read64 } from '#main/emulator/kernel/disp/uint64.ts';
import type { Machine } from '#main/emulator/machine.ts';
import type { Json } from './json.ts';
import { hexBytes } from './schedctl-view.ts';

/** Ids of the vectors for what the emulator numbers. */
export interface VectorIds {
  readonly threads: ReadonlyMap<number, number>;
  threadId(t: number): number;
  processOf(t: number): number;
  /** Null where the vectors do not record the swapper's flags. */
  swappingOf(t: number): { readonly user: number; readonly schedflag: readonly string[] } | null;
  /** rt_timeleft has been stored since the thread entered RT. */
  hasTimeleft(t: number): boolean;
}

/** @param withAccounts the vectors are of FSS, too */
export function classesViewOf(machine: Machine, ncpus: number, ids: VectorIds, withAccounts: boolean): Json {
  const threads: Record<string, Json> = {};
  for (const [id, t] of ids.threads) threads[id] = threadView(machine, t, ids);
  const cpus: Record<string, Json> = {};
  for (let cpu = 0; cpu < ncpus; cpu++) cpus[cpu] = cpuView(machine, cpu, ids);
  return {
    threads,
    cpus,
    kpmaxrunpri: machine.get(KIND.kp_maxrunpri, 0),
    lbolt: machine.get(KIND.lbolt, 0),
    ...(withAccounts ? { fss: accountsView(machine) } : {}),
  };
}

/** fssproj_t, fsszone_t and fsspset_t: those that have threads. */
function accountsView(machine: Machine): Json {
  const projs: Record<string, Json> = {};
  const zones: Record<string, Json> = {};
  const psets: Record<string, Json> = {};
  const count = machine.state.countOf('machine');
  const uint = (kind: number, id: number): number => machine.get(kind, id) >>> 0;
  const wide = (low: number, high: number, id: number): string => String(read64(machine, low, high, id));
  for (let pset = 0; pset < count; pset++) {
    const list: number[] = [];
    for (let at = machine.get(KIND.fssps_list, pset); at !== NONE; at = machine.get(KIND.fssp_next, at)) {
      const project = machine.get(KIND.fssp_proj, at);
      const fsszone = machine.get(KIND.fssp_fsszone, at);
      const zone = machine.get(KIND.fssz_zone, fsszone);
      list.push(project);
      projs[`${pset}.${project}`] = {
        zone,
        threads: uint(KIND.fssp_threads, at),
        runnable: uint(KIND.fssp_runnable, at),
        shares: uint(KIND.fssp_shares, at),
        ticks: uint(KIND.fssp_ticks, at),
        usage: wide(KIND.fssp_usage, KIND.fssp_usage_high, at),
        shusage: wide(KIND.fssp_shusage, KIND.fssp_shusage_high, at),
      };
      zones[`${pset}.${zone}`] = {
        shares: uint(KIND.fssz_shares, fsszone),
        rshares: uint(KIND.fssz_rshares, fsszone),
        runnable: uint(KIND.fssz_runnable, fsszone),
        nproj: uint(KIND.fssz_nproj, fsszone),
      };
    }
    if (list.length === 0) continue;
    psets[pset] = {
      maxfsspri: wide(KIND.fssps_maxfsspri, KIND.fssps_maxfsspri_high, pset),
      shares: uint(KIND.fssps_shares, pset),
      list,
    };
  }
  return { projs, zones, psets };
}

function cpuView(machine: Machine, cpu: number, ids: VectorIds): Json {
  const view: Record<string, Json> = {
    maxrunpri: machine.get(KIND.disp_maxrunpri, cpu),
    dispatch_pri: machine.get(KIND.cpu_dispatch_pri, cpu),
  };
  const dispthread = machine.get(KIND.cpu_dispthread, cpu);
  if (dispthread !== NONE) view.dispthread = ids.threadId(dispthread);
  return view;
}

function threadView(machine: Machine, t: number, ids: VectorIds): Json {
  const get = (kind: number): number => machine.get(kind, t);
  const cid = get(KIND.t_cid);
  const view: Record<string, Json> = {
    p: ids.processOf(t),
    cid,
    cpu: get(KIND.t_cpu),
    state: get(KIND.t_state),
    pri: get(KIND.t_pri),
    epri: get(KIND.t_epri),
    cpri: get(KIND.t_cpri),
    trapret: get(KIND.t_trapret),
    ast: get(KIND.t_astflag),
    disp_time: get(KIND.t_disp_time),
    stime: get(KIND.t_stime),
  };
  if (get(KIND.t_cpupart) !== 0) view.pset = get(KIND.t_cpupart);
  if (get(KIND.t_kpri_req) !== 0) view.kpri_req = get(KIND.t_kpri_req);
  Object.assign(view, ids.swappingOf(t));
  const ssp = get(KIND.t_schedctl);
  if (ssp !== NONE) view.sc = hexBytes(scSharedBytes(machine.state, ssp));
  if (cid === CID.TS || cid === CID.IA) {
    const flags = get(KIND.ts_flags);
    view.timeleft = get(KIND.ts_timeleft);
    view.dispwait = get(KIND.ts_dispwait) >>> 0;
    view.cpupri = get(KIND.ts_cpupri);
    view.uprilim = get(KIND.ts_uprilim);
    view.upri = get(KIND.ts_upri);
    view.umdpri = get(KIND.ts_umdpri);
    view.nice = get(KIND.ts_nice);
    view.boost = get(KIND.ts_boost);
    if ((flags & TS_FLAGS.TSRESTORE) !== 0) view.scpri = get(KIND.ts_scpri);
    view.flags = flagNamesOf(TS_FLAGS, flags);
  } else if (cid === CID.FX) {
    view.timeleft = get(KIND.fx_timeleft);
    view.pquantum = get(KIND.fx_pquantum);
    view.fxpri = get(KIND.fx_pri);
    view.uprilim = get(KIND.fx_uprilim);
    view.nice = get(KIND.fx_nice);
    view.flags = flagNamesOf(FX_FLAGS, get(KIND.fx_flags));
  } else if (cid === CID.FSS) {
    const flags = get(KIND.fss_flags);
    const fssproj = get(KIND.fss_proj);
    view.timeleft = get(KIND.fss_timeleft);
    view.ticks = get(KIND.fss_ticks) >>> 0;
    view.fsspri = String(read64(machine, KIND.fss_fsspri, KIND.fss_fsspri_high, t));
    view.umdpri = get(KIND.fss_umdpri);
    view.upri = get(KIND.fss_upri);
    view.uprilim = get(KIND.fss_uprilim);
    view.nice = get(KIND.fss_nice);
    view.runnable = get(KIND.fss_runnable);
    if (fssproj !== NONE) {
      view.proj = `${machine.get(KIND.fssp_pset, fssproj)}.${machine.get(KIND.fssp_proj, fssproj)}`;
    }
    if ((flags & FSS_FLAGS.FSSRESTORE) !== 0) view.scpri = get(KIND.fss_scpri);
    view.flags = flagNamesOf(FSS_FLAGS, flags);
  } else if (cid === CID.RT) {
    if (ids.hasTimeleft(t)) view.timeleft = get(KIND.rt_timeleft);
    view.pquantum = get(KIND.rt_pquantum);
    view.rtpri = get(KIND.rt_pri);
    view.flags = flagNamesOf(RT_FLAGS, get(KIND.rt_flags));
    if (get(KIND.rt_tqsignal) !== 0) view.tqsig = get(KIND.rt_tqsignal);
  }
  return view;
}
