/**
 * Projects and their shares in the fair-share class (fss.c: fsspset_t, fsszone_t, fssproj_t).
 *
 * A project competes within each processor set where it has threads, so its account (an fssproj_t) belongs
 * to one project in one set; accounts are numbered as they first appear. There is one zone, with one share.
 * The numbers that decide are columns of the machine state; usages are unsigned 64-bit in two words each.
 *
 * Accounts are computed with once a second and at the end of quanta, where big integers cost nothing that
 * matters; the tick itself (charge) adds small integers and allocates nothing.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { ASSERT } from '../assert-kernel.ts';
import type { Machine } from '../machine.ts';

/** Cost of a tick at nice 0 (FSS_TICK_COST). */
const FSS_TICK_COST = 1000;
/** Nice levels 0..39 (FSS_NICE_RANGE). */
export const FSS_NICE_RANGE = 40;
/** Decay factors are in 128ths (FSS_DECAY_BASE). */
export const FSS_DECAY_BASE = 128n;
const FSS_DECAY_MIN = 83;
const FSS_DECAY_MAX = 108;
const FSS_DECAY_USG = 96n;
/** Highest user-mode priority; also the least that maxfsspri may be. */
export const fss_maxumdpri = 59;
/** zone.cpu-shares of the one zone. */
const ZONE_SHARES = 1;

/** Cost of a tick by nice level: half as much again at nice -20, about half at nice +19. */
export const fss_nice_tick: readonly number[] = Array.from({ length: FSS_NICE_RANGE }, (_, level) =>
  Math.trunc((FSS_TICK_COST * ((3 * FSS_NICE_RANGE) / 2 - level)) / FSS_NICE_RANGE),
);

/** Decay of a thread's internal priority in a second, in 128ths, by nice level: slower for the nicer. */
export const fss_nice_decay: readonly bigint[] = Array.from({ length: FSS_NICE_RANGE }, (_, level) =>
  BigInt(FSS_DECAY_MIN + Math.trunc(((FSS_DECAY_MAX - FSS_DECAY_MIN) * level) / (FSS_NICE_RANGE - 1))),
);

/** Decay factor at nice 0. */
const NICE_0_DECAY = fss_nice_decay[20]!;

/** Reads an unsigned 64-bit field that is kept in two columns. */
export function readWide(machine: Machine, low: number, high: number, id: number): bigint {
  return (BigInt(machine.get(high, id) >>> 0) << 32n) | BigInt(machine.get(low, id) >>> 0);
}

/** Stores an unsigned 64-bit field that is kept in two columns; what does not fit is cut off, as in C. */
export function writeWide(
  machine: Machine,
  low: number,
  high: number,
  id: number,
  value: bigint,
  cause: number,
): void {
  machine.set(low, id, Number(BigInt.asIntN(32, value)), cause);
  machine.set(high, id, Number(BigInt.asIntN(32, value >> 32n)), cause);
}

/** The projects of the machine (project(5)). */
export interface FssProjects {
  /** Project of a process, by number. */
  projectOf(p: number): number;
  /** Shares of a project (project.cpu-shares). */
  sharesOf(project: number): number;
}

/** All processes in one project with one share: what a machine is that was not told otherwise. */
export const ONE_PROJECT: FssProjects = { projectOf: () => 0, sharesOf: () => 1 };

interface Account {
  readonly project: number;
  readonly cpupart: number;
}

export class FssShares {
  private readonly machine: Machine;
  private readonly projects: FssProjects;
  /** By number of the account. */
  private readonly accounts: Account[] = [];

  constructor(machine: Machine, projects: FssProjects) {
    this.machine = machine;
    this.projects = projects;
  }

  /** The account of the project of process `p` in a processor set, opened where there is none. */
  find(p: number, cpupart: number): number {
    const project = this.projects.projectOf(p);
    const known = this.accounts.findIndex(
      (account) => account.project === project && account.cpupart === cpupart,
    );
    if (known !== -1) return known;
    const fssproj = this.accounts.push({ project, cpupart }) - 1;
    this.machine.ensure('machine', Math.max(fssproj, cpupart));
    return fssproj;
  }

  /** A thread joins. The first one brings the project's shares up to date and starts with no usage. */
  join(fssproj: number, cause: number): void {
    const threads = this.machine.get(KIND.fssp_threads, fssproj);
    if (threads === 0) {
      this.machine.set(
        KIND.fssp_shares,
        fssproj,
        this.projects.sharesOf(this.accounts[fssproj]!.project),
        cause,
      );
    }
    this.machine.set(KIND.fssp_threads, fssproj, threads + 1, cause);
  }

  /** A thread that no longer counts as runnable leaves. With the last one the usage is forgotten. */
  leave(fssproj: number, cause: number): void {
    const { machine } = this;
    const threads = machine.get(KIND.fssp_threads, fssproj) - 1;
    machine.set(KIND.fssp_threads, fssproj, threads, cause);
    if (threads > 0) return;
    ASSERT(
      machine.get(KIND.fssp_runnable, fssproj) === 0,
      'fss_remove_fssproj',
      'fssproj->fssp_runnable == 0',
    );
    machine.set(KIND.fssp_ticks, fssproj, 0, cause);
    writeWide(machine, KIND.fssp_usage, KIND.fssp_usage_high, fssproj, 0n, cause);
    writeWide(machine, KIND.fssp_shusage, KIND.fssp_shusage_high, fssproj, 0n, cause);
    const { cpupart } = this.accounts[fssproj]!;
    if (this.accountsOf(cpupart).length === 0) {
      writeWide(machine, KIND.fssps_maxfsspri, KIND.fssps_maxfsspri_high, cpupart, 0n, cause);
    }
  }

  /** A thread of the project becomes runnable: with the first, the project's shares count. */
  activate(fssproj: number, cause: number): void {
    const { machine } = this;
    const { cpupart } = this.accounts[fssproj]!;
    const runnable = machine.get(KIND.fssp_runnable, fssproj) + 1;
    machine.set(KIND.fssp_runnable, fssproj, runnable, cause);
    if (runnable !== 1) return;
    this.add(KIND.fssz_shares, cpupart, machine.get(KIND.fssp_shares, fssproj), cause);
    if (this.add(KIND.fssz_runnable, cpupart, 1, cause) === 1) {
      this.add(KIND.fssps_shares, cpupart, ZONE_SHARES, cause);
    }
  }

  /** A thread of the project is no longer runnable: with the last, the project's shares no longer count. */
  deactivate(fssproj: number, cause: number): void {
    const { machine } = this;
    const { cpupart } = this.accounts[fssproj]!;
    const runnable = machine.get(KIND.fssp_runnable, fssproj) - 1;
    ASSERT(runnable >= 0, 'fss_inactive', 'fssproj->fssp_runnable > 0');
    machine.set(KIND.fssp_runnable, fssproj, runnable, cause);
    if (runnable !== 0) return;
    this.add(KIND.fssz_shares, cpupart, -machine.get(KIND.fssp_shares, fssproj), cause);
    if (this.add(KIND.fssz_runnable, cpupart, -1, cause) === 0) {
      this.add(KIND.fssps_shares, cpupart, -ZONE_SHARES, cause);
    }
  }

  /** Charges a project for one tick of a thread of this nice level. */
  charge(fssproj: number, nice: number, cause: number): void {
    this.add(KIND.fssp_ticks, fssproj, fss_nice_tick[nice]!, cause);
  }

  shusage(fssproj: number): bigint {
    return readWide(this.machine, KIND.fssp_shusage, KIND.fssp_shusage_high, fssproj);
  }

  /** Highest internal priority of the processor set that an account belongs to. */
  maxfsspri(fssproj: number): bigint {
    const { cpupart } = this.accounts[fssproj]!;
    return readWide(this.machine, KIND.fssps_maxfsspri, KIND.fssps_maxfsspri_high, cpupart);
  }

  setMaxfsspri(fssproj: number, value: bigint, cause: number): void {
    const { cpupart } = this.accounts[fssproj]!;
    writeWide(this.machine, KIND.fssps_maxfsspri, KIND.fssps_maxfsspri_high, cpupart, value, cause);
  }

  /** Once a second: usages and highest priorities decay, and what a share is worth is computed anew. */
  fss_decay_usage(): void {
    const { machine } = this;
    const cause = CAUSE.fss_decay_usage;
    const decayed = new Set<number>();
    for (const [fssproj, { cpupart }] of this.accounts.entries()) {
      if (machine.get(KIND.fssp_threads, fssproj) === 0) continue;
      if (!decayed.has(cpupart)) {
        decayed.add(cpupart);
        const maxfsspri = (this.maxfsspri(fssproj) * NICE_0_DECAY) / FSS_DECAY_BASE;
        const least = BigInt(fss_maxumdpri);
        this.setMaxfsspri(fssproj, maxfsspri < least ? least : maxfsspri, cause);
      }
      this.decayProject(fssproj, cpupart, cause);
    }
  }

  private decayProject(fssproj: number, cpupart: number, cause: number): void {
    const { machine } = this;
    const before = readWide(machine, KIND.fssp_usage, KIND.fssp_usage_high, fssproj);
    const ticks = BigInt(machine.get(KIND.fssp_ticks, fssproj) >>> 0);
    const usage = (before * FSS_DECAY_USG) / FSS_DECAY_BASE + ticks;
    writeWide(machine, KIND.fssp_usage, KIND.fssp_usage_high, fssproj, usage, cause);
    machine.set(KIND.fssp_ticks, fssproj, 0, cause);

    const shares = this.projects.sharesOf(this.accounts[fssproj]!.project);
    const known = machine.get(KIND.fssp_shares, fssproj);
    if (shares !== known) {
      if (machine.get(KIND.fssp_runnable, fssproj) !== 0) {
        this.add(KIND.fssz_shares, cpupart, shares - known, cause);
      }
      machine.set(KIND.fssp_shares, fssproj, shares, cause);
    }

    let shusage = 0n;
    if (shares !== 0) {
      // Twice the same step, so that the square does not overflow where the usage itself would not.
      const active = BigInt(machine.get(KIND.fssps_shares, cpupart) * machine.get(KIND.fssz_shares, cpupart));
      const own = BigInt(shares * ZONE_SHARES);
      shusage = BigInt.asUintN(64, usage * active) / own;
      shusage = BigInt.asUintN(64, shusage * active) / own;
    }
    writeWide(machine, KIND.fssp_shusage, KIND.fssp_shusage_high, fssproj, shusage, cause);
  }

  /** Accounts of a processor set that have threads. */
  private accountsOf(cpupart: number): number[] {
    return [...this.accounts.keys()].filter(
      (fssproj) =>
        this.accounts[fssproj]!.cpupart === cpupart && this.machine.get(KIND.fssp_threads, fssproj) > 0,
    );
  }

  private add(kind: number, id: number, amount: number, cause: number): number {
    const value = this.machine.get(kind, id) + amount;
    this.machine.set(kind, id, value, cause);
    return value;
  }
}
