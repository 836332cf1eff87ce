/** Operations of the FSS vectors on projects, zones and accounts (fss-rt/README.md, "Operations"). */
import { CAUSE } from '#shared/model/causes.ts';
import { CID } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { write64 } from '#main/emulator/kernel/disp/uint64.ts';
import { cred, process, pset, thread, type Operation } from './classes-arguments.ts';
import type { ClassesWorld } from './classes-world.ts';
import type { VectorArguments } from './vector-arguments.ts';

/** Members of `account` that are 64-bit fields of a project's account. */
const WIDE = [
  ['usage', KIND.fssp_usage, KIND.fssp_usage_high],
  ['shusage', KIND.fssp_shusage, KIND.fssp_shusage_high],
] as const;

export const FSS_OPERATIONS: Readonly<Record<string, Operation>> = {
  zone(w, a) {
    setShares(w, a, 'zone', KIND.zone_shares);
    return {};
  },

  project(w, a) {
    setShares(w, a, 'proj', KIND.kpj_shares);
    w.machine.set(KIND.kpj_zone, a.number('proj'), a.number('zone'), CAUSE.setup);
    return {};
  },

  shares(w, a) {
    if (a.has('proj')) setShares(w, a, 'proj', KIND.kpj_shares);
    else setShares(w, a, 'zone', KIND.zone_shares);
    return {};
  },

  changeproj(w, a) {
    const p = process(w, a);
    const project = a.number('proj');
    w.forEachThread(p, (t) => w.classes.fss.fss_changeproj(t, project));
    w.machine.set(KIND.p_project, p, project, CAUSE.settaskid);
    return {};
  },

  changepset(w, a) {
    const t = thread(w, a);
    const newcp = pset(a);
    // In the kernel t_cpupart goes first (cpupart_move_thread()); neither looks at what the other does.
    w.classes.fss.fss_changepset(t, newcp);
    w.machine.set(KIND.t_cpupart, t, newcp, CAUSE.cpupart_move_thread);
    return {};
  },

  fssadmin(w, a) {
    const request = { cmd: 'FSS_SETADMIN', fss_quantum: a.number('quantum') } as const;
    return { ret: w.classes.sclass[CID.FSS]!.cl_admin(request, cred(a)) };
  },

  account(w, a) {
    const cpupart = pset(a);
    const { machine } = w;
    machine.ensure('machine', cpupart);
    if (a.has('proj')) {
      const fssproj = accountOf(w, cpupart, a.number('proj'), a);
      for (const [name, low, high] of WIDE) {
        if (a.has(name)) write64(machine, low, high, fssproj, a.uint64(name), CAUSE.setup);
      }
      if (a.has('ticks')) machine.set(KIND.fssp_ticks, fssproj, a.number('ticks') | 0, CAUSE.setup);
    }
    if (a.has('maxfsspri')) {
      const { fssps_maxfsspri, fssps_maxfsspri_high } = KIND;
      write64(machine, fssps_maxfsspri, fssps_maxfsspri_high, cpupart, a.uint64('maxfsspri'), CAUSE.setup);
    }
    return {};
  },
};

function setShares(w: ClassesWorld, a: VectorArguments, name: string, kind: number): void {
  const id = a.number(name);
  w.machine.ensure('machine', id);
  w.machine.set(kind, id, a.number('shares'), CAUSE.rctl_set);
}

function accountOf(w: ClassesWorld, cpupart: number, project: number, a: VectorArguments): number {
  const { machine } = w;
  for (let at = machine.get(KIND.fssps_list, cpupart); at !== -1; at = machine.get(KIND.fssp_next, at)) {
    if (machine.get(KIND.fssp_proj, at) === project) return at;
  }
  return a.fail(`project ${project} has no account in set ${cpupart}`);
}
