/**
 * Who shares a CPU in the fair-share class, and how much each has used (fss.c: fsspset_t, fsszone_t, fssproj_t).
 *
 * A project competes with the others of its zone, and a zone with the other zones, within each processor set
 * where it has threads. So there is a fssproj_t for a project and a set, a fsszone_t for a zone and a set, and a
 * fsspset_t for a set. Each exists while it has threads; it keeps its number, by which the machine state holds it,
 * for when it comes again. What shares projects and zones have is in kpj_shares and zone_shares; accounts follow
 * once a second.
 *
 * Hot: charge, activate, deactivate and what fss_newpri() reads allocate nothing; a new account does.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT, KernelPanic } from '../../assert-kernel.ts';
import type { Machine } from '../../machine.ts';
import { add64, div64, mul32, mul64, read64, write64, type Uint64 } from './uint64.ts';

/** Cost of a tick at nice 0 (FSS_TICK_COST). */
const FSS_TICK_COST = 1000;
/** Nice levels 0..39 (FSS_NICE_RANGE). */
export const FSS_NICE_RANGE = 40;
/** Decay factors are in 128ths (FSS_DECAY_BASE). */
export const FSS_DECAY_BASE = 128;
const FSS_DECAY_MIN = 83;
const FSS_DECAY_MAX = 108;
const FSS_DECAY_USG = 96;
/** Highest user-mode priority; also the least that maxfsspri may be after a second. */
export const fss_maxumdpri = 59;
/** The system's project in the global zone (proj0p). */
const PROJECT_0 = 0;

/** Cost of a tick by nice level: half as much again at nice -20, about half at nice +19. */
export const fss_nice_tick: readonly number[] = Array.from({ length: FSS_NICE_RANGE }, (_, level) =>
  Math.trunc((FSS_TICK_COST * ((3 * FSS_NICE_RANGE) / 2 - level)) / FSS_NICE_RANGE),
);

/** Decay of a thread's internal priority in a second, in 128ths, by nice level: slower for the nicer. */
export const fss_nice_decay: readonly number[] = Array.from(
  { length: FSS_NICE_RANGE },
  (_, level) => FSS_DECAY_MIN + Math.trunc(((FSS_DECAY_MAX - FSS_DECAY_MIN) * level) / (FSS_NICE_RANGE - 1)),
);

/** Decay factor at nice 0 (NZERO). */
const NICE_0_DECAY = fss_nice_decay[20]!;

export class FssAccounts {
  private readonly machine: Machine;
  /** Numbers that were given out, by set and project, and by set and zone. */
  private readonly projNumbers: (number | undefined)[][] = [];
  private readonly zoneNumbers: (number | undefined)[][] = [];
  private projs = 0;
  private zones = 0;
  /** fssp_prev of the accounts, which follows from the list; one that is not on the list has none either. */
  private readonly fssp_prev: (number | undefined)[] = [];
  /** Sets that have ever had an account: those that the update goes through. */
  private psets = 0;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** The account of a project in a processor set (fssproj_t), opened where there is none; its zone's as well. */
  open(cpupart: number, project: number, cause: number): number {
    const { machine } = this;
    this.psets = Math.max(this.psets, cpupart + 1);
    machine.ensure('machine', cpupart);
    const fsszone = this.fss_find_fsszone(cpupart, machine.state.read(KIND.kpj_zone, project), cause);
    return this.fss_find_fssproj(cpupart, project, fsszone, cause);
  }

  /** The account of a zone, which becomes that of its present shares where it had no projects. */
  private fss_find_fsszone(cpupart: number, zone: number, cause: number): number {
    const { machine } = this;
    const numbers = (this.zoneNumbers[cpupart] ??= []);
    let fsszone = numbers[zone];
    if (fsszone === undefined) {
      fsszone = this.zones++;
      numbers[zone] = fsszone;
      machine.ensure('machine', fsszone);
      machine.set(KIND.fssz_zone, fsszone, zone, cause);
      machine.set(KIND.fssz_pset, fsszone, cpupart, cause);
    }
    if (machine.get(KIND.fssz_nproj, fsszone) === 0) {
      machine.set(KIND.fssz_rshares, fsszone, machine.state.read(KIND.zone_shares, zone), cause);
    }
    return fsszone;
  }

  /** The account of a project, put at the head of its set's list where it was not on it. */
  private fss_find_fssproj(cpupart: number, project: number, fsszone: number, cause: number): number {
    const { machine } = this;
    const numbers = (this.projNumbers[cpupart] ??= []);
    let fssproj = numbers[project];
    if (fssproj === undefined) {
      fssproj = this.projs++;
      numbers[project] = fssproj;
      machine.ensure('machine', fssproj);
      machine.set(KIND.fssp_proj, fssproj, project, cause);
      machine.set(KIND.fssp_pset, fssproj, cpupart, cause);
      machine.set(KIND.fssp_fsszone, fssproj, fsszone, cause);
    }
    if (!this.isListed(fssproj)) this.fss_insert_fssproj(cpupart, fssproj, fsszone, cause);
    return fssproj;
  }

  private isListed(fssproj: number): boolean {
    return this.fssp_prev[fssproj] !== undefined;
  }

  private fss_insert_fssproj(cpupart: number, fssproj: number, fsszone: number, cause: number): void {
    const { machine } = this;
    const project = machine.get(KIND.fssp_proj, fssproj);
    machine.set(KIND.fssp_shares, fssproj, machine.state.read(KIND.kpj_shares, project), cause);
    this.add(KIND.fssps_nproj, cpupart, 1, cause);
    const head = machine.get(KIND.fssps_list, cpupart);
    if (head !== NONE) this.fssp_prev[head] = fssproj;
    this.fssp_prev[fssproj] = NONE;
    machine.set(KIND.fssp_next, fssproj, head, cause);
    machine.set(KIND.fssps_list, cpupart, fssproj, cause);
    this.add(KIND.fssz_nproj, fsszone, 1, cause);
  }

  /** The last thread of a project has gone: its usage is forgotten, and with the last project the set's maxfsspri. */
  private fss_remove_fssproj(fssproj: number, cause: number): void {
    const { machine } = this;
    ASSERT(
      machine.get(KIND.fssp_runnable, fssproj) === 0,
      'fss_remove_fssproj',
      'fssproj->fssp_runnable == 0',
    );
    const cpupart = machine.get(KIND.fssp_pset, fssproj);
    const fsszone = machine.get(KIND.fssp_fsszone, fssproj);
    const nproj = this.add(KIND.fssps_nproj, cpupart, -1, cause);
    const ofZone = this.add(KIND.fssz_nproj, fsszone, -1, cause);
    const previous = this.fssp_prev[fssproj]!;
    const next = machine.get(KIND.fssp_next, fssproj);
    if (previous === NONE) machine.set(KIND.fssps_list, cpupart, next, cause);
    else machine.set(KIND.fssp_next, previous, next, cause);
    if (next !== NONE) this.fssp_prev[next] = previous;
    this.fssp_prev[fssproj] = undefined;
    if (ofZone === 0) this.fss_remove_fsszone(fsszone, cause);
    if (nproj === 0) this.fss_del_fsspset(cpupart, cause);

    machine.set(KIND.fssp_next, fssproj, NONE, cause);
    machine.set(KIND.fssp_shares, fssproj, 0, cause);
    machine.set(KIND.fssp_ticks, fssproj, 0, cause);
    this.setUsage(fssproj, 0, cause);
    this.setShusage(fssproj, 0, cause);
  }

  private fss_remove_fsszone(fsszone: number, cause: number): void {
    const { machine } = this;
    ASSERT(machine.get(KIND.fssz_shares, fsszone) === 0, 'fss_remove_fsszone', 'fsszone->fssz_shares == 0');
    ASSERT(
      machine.get(KIND.fssz_runnable, fsszone) === 0,
      'fss_remove_fsszone',
      'fsszone->fssz_runnable == 0',
    );
    machine.set(KIND.fssz_rshares, fsszone, 0, cause);
  }

  private fss_del_fsspset(cpupart: number, cause: number): void {
    write64(this.machine, KIND.fssps_maxfsspri, KIND.fssps_maxfsspri_high, cpupart, 0, cause);
    this.machine.set(KIND.fssps_shares, cpupart, 0, cause);
  }

  /** A thread belongs to the account from now on. */
  join(fssproj: number, cause: number): void {
    this.add(KIND.fssp_threads, fssproj, 1, cause);
  }

  /** A thread that does not count as runnable belongs to the account no more. */
  leave(fssproj: number, cause: number): void {
    if (this.add(KIND.fssp_threads, fssproj, -1, cause) === 0) this.fss_remove_fssproj(fssproj, cause);
  }

  /** A thread of the project becomes runnable: with the first, shares of the project, and of the zone, count. */
  activate(fssproj: number, cause: number): void {
    const { machine } = this;
    if (this.add(KIND.fssp_runnable, fssproj, 1, cause) !== 1) return;
    const fsszone = machine.get(KIND.fssp_fsszone, fssproj);
    this.add(KIND.fssz_shares, fsszone, machine.get(KIND.fssp_shares, fssproj), cause);
    if (this.add(KIND.fssz_runnable, fsszone, 1, cause) !== 1) return;
    const cpupart = machine.get(KIND.fssp_pset, fssproj);
    this.add(KIND.fssps_shares, cpupart, machine.get(KIND.fssz_rshares, fsszone), cause);
  }

  /** A thread of the project is no longer runnable: with the last, shares no longer count. */
  deactivate(fssproj: number, cause: number): void {
    const { machine } = this;
    if (this.add(KIND.fssp_runnable, fssproj, -1, cause) !== 0) return;
    const fsszone = machine.get(KIND.fssp_fsszone, fssproj);
    this.add(KIND.fssz_shares, fsszone, -machine.get(KIND.fssp_shares, fssproj), cause);
    if (this.add(KIND.fssz_runnable, fsszone, -1, cause) !== 0) return;
    const cpupart = machine.get(KIND.fssp_pset, fssproj);
    this.add(KIND.fssps_shares, cpupart, -machine.get(KIND.fssz_rshares, fsszone), cause);
  }

  /** Charges a project for one tick of a thread of this nice level. */
  charge(fssproj: number, nice: number, cause: number): void {
    this.add(KIND.fssp_ticks, fssproj, fss_nice_tick[nice]!, cause);
  }

  /** The project has no shares, or its zone has none. */
  hasNoShares(fssproj: number): boolean {
    const { machine } = this;
    return (
      machine.get(KIND.fssp_shares, fssproj) === 0 ||
      machine.get(KIND.fssz_rshares, machine.get(KIND.fssp_fsszone, fssproj)) === 0
    );
  }

  shusage(fssproj: number): Uint64 {
    return read64(this.machine, KIND.fssp_shusage, KIND.fssp_shusage_high, fssproj);
  }

  /** Highest internal priority of the processor set that an account belongs to. */
  maxfsspri(fssproj: number): Uint64 {
    const cpupart = this.machine.get(KIND.fssp_pset, fssproj);
    return read64(this.machine, KIND.fssps_maxfsspri, KIND.fssps_maxfsspri_high, cpupart);
  }

  setMaxfsspri(fssproj: number, value: Uint64, cause: number): void {
    const cpupart = this.machine.get(KIND.fssp_pset, fssproj);
    write64(this.machine, KIND.fssps_maxfsspri, KIND.fssps_maxfsspri_high, cpupart, value, cause);
  }

  private setUsage(fssproj: number, value: Uint64, cause: number): void {
    write64(this.machine, KIND.fssp_usage, KIND.fssp_usage_high, fssproj, value, cause);
  }

  private setShusage(fssproj: number, value: Uint64, cause: number): void {
    write64(this.machine, KIND.fssp_shusage, KIND.fssp_shusage_high, fssproj, value, cause);
  }

  /** Once a second: usages and highest priorities decay, and what a share is worth is computed anew. */
  fss_decay_usage(): void {
    const { machine } = this;
    const cause = CAUSE.fss_decay_usage;
    for (let cpupart = 0; cpupart < this.psets; cpupart++) {
      const head = machine.get(KIND.fssps_list, cpupart);
      if (head === NONE) continue;
      const decayed = div64(mul64(this.maxfsspri(head), NICE_0_DECAY), FSS_DECAY_BASE);
      this.setMaxfsspri(head, decayed < fss_maxumdpri ? fss_maxumdpri : decayed, cause);
      for (let fssproj = head; fssproj !== NONE; fssproj = machine.get(KIND.fssp_next, fssproj)) {
        this.decayProject(fssproj, cpupart, cause);
      }
    }
  }

  /** New shares take effect here: for the projects of the list that are still to come, but not for those before. */
  private decayProject(fssproj: number, cpupart: number, cause: number): void {
    const { machine } = this;
    const before = read64(machine, KIND.fssp_usage, KIND.fssp_usage_high, fssproj);
    const decayed = div64(mul64(before, FSS_DECAY_USG), FSS_DECAY_BASE);
    const usage = add64(decayed, machine.get(KIND.fssp_ticks, fssproj) >>> 0);
    this.setUsage(fssproj, usage, cause);
    machine.set(KIND.fssp_ticks, fssproj, 0, cause);

    const project = machine.get(KIND.fssp_proj, fssproj);
    const fsszone = machine.get(KIND.fssp_fsszone, fssproj);
    const kpj_shares = machine.state.read(KIND.kpj_shares, project);
    const shares = machine.get(KIND.fssp_shares, fssproj);
    if (shares !== kpj_shares) {
      if (machine.get(KIND.fssp_runnable, fssproj) !== 0) {
        this.add(KIND.fssz_shares, fsszone, kpj_shares - shares, cause);
      }
      machine.set(KIND.fssp_shares, fssproj, kpj_shares, cause);
    }
    const zone_ext_shares = machine.state.read(KIND.zone_shares, machine.get(KIND.fssz_zone, fsszone));
    const rshares = machine.get(KIND.fssz_rshares, fsszone);
    if (rshares !== zone_ext_shares) {
      if (machine.get(KIND.fssz_runnable, fsszone) !== 0) {
        this.add(KIND.fssps_shares, cpupart, zone_ext_shares - rshares, cause);
      }
      machine.set(KIND.fssz_rshares, fsszone, zone_ext_shares, cause);
    }
    const zone_int_shares = machine.get(KIND.fssz_shares, fsszone) >>> 0;
    const pset_shares = machine.get(KIND.fssps_shares, cpupart) >>> 0;
    const shusage = shareUsage(usage, project, kpj_shares, zone_ext_shares, zone_int_shares, pset_shares);
    this.setShusage(fssproj, shusage, cause);
  }

  /** Adds to a 32-bit counter, which wraps as in C. Returns its new value. */
  private add(kind: number, id: number, amount: number, cause: number): number {
    const value = (this.machine.get(kind, id) + amount) | 0;
    this.machine.set(kind, id, value, cause);
    return value;
  }
}

/**
 * fssp_shusage: usage * (pset_shares * zone_int_shares)^2 / (kpj_shares * zone_ext_shares)^2, so that the fewer of all
 * active shares a project has, the more its usage weighs. It is computed in two steps, of which the second multiplies
 * the shares in 32 bits.
 */
function shareUsage(
  usage: Uint64,
  project: number,
  kpj_shares: number,
  zone_ext_shares: number,
  zone_int_shares: number,
  pset_shares: number,
): Uint64 {
  if (kpj_shares === 0 || zone_ext_shares === 0) return 0;
  if (project === PROJECT_0) {
    // The system's project has half of its zone.
    const active = mul64(mul64(usage, zone_int_shares), zone_int_shares);
    return div64(active, divisor(mul32(zone_ext_shares, zone_ext_shares)));
  }
  const own = divisor(mul32(kpj_shares, zone_ext_shares));
  const once = div64(mul64(mul64(usage, pset_shares), zone_int_shares), own);
  return div64(mul64(once, mul32(pset_shares, zone_int_shares)), own);
}

function divisor(shares: number): number {
  if (shares === 0) throw new KernelPanic('fss_decay_usage', 'shares too high to multiply: divide error');
  return shares;
}
