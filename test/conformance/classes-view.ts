/** The emulator's state in the terms of the class vectors (classes/README.md, "State"). */
import { NONE } from '#shared/base/none.ts';
import { CID, FX_FLAGS, TS_FLAGS, flagNamesOf } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { scSharedBytes } from '#shared/model/sc-shared.ts';
import type { Machine } from '#main/emulator/machine.ts';
import type { Json } from './json.ts';
import { hexBytes } from './schedctl-view.ts';

/** Ids of the vectors for what the emulator numbers. */
export interface VectorIds {
  readonly threads: ReadonlyMap<number, number>;
  threadId(t: number): number;
  processOf(t: number): number;
}

export function classesViewOf(machine: Machine, ncpus: number, ids: VectorIds): Json {
  const threads: Record<string, Json> = {};
  for (const [id, t] of ids.threads) threads[id] = threadView(machine, t, ids);
  const cpus: Record<string, Json> = {};
  for (let cpu = 0; cpu < ncpus; cpu++) cpus[cpu] = cpuView(machine, cpu, ids);
  return {
    threads,
    cpus,
    kpmaxrunpri: machine.get(KIND.kp_maxrunpri, 0),
    lbolt: machine.get(KIND.lbolt, 0),
  };
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
  }
  return view;
}
