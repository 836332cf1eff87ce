/** What is counted about a scenario of processes, LWPs, signals and cancellation. All times in ns. */
import { readFileSync } from 'node:fs';
import { CAUSE } from '#shared/model/causes.ts';
import { SC_FLGS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { parseScenario } from '#main/scenario/parse-scenario.ts';
import { recordRun, type RecordedRun, type Row } from './recorded-run.ts';

/** The text of a scenario of the library. */
export const scenarioText = (name: string): string =>
  readFileSync(new URL(`../../traces/scenarios/${name}`, import.meta.url), 'utf8');

export class ProcessObservations {
  readonly run: RecordedRun;
  forks = 0;
  vforks = 0;
  execs = 0;
  mostProcesses = 0;
  /** Numbers of pages on the list of a process: a later page may have that of one that is gone. */
  readonly pages = new Set<number>();
  /** All pages that there were, and the most at a time. */
  pagesSetUp = 0;
  mostPages = 0;
  allocations = 0;
  readonly slots = new Set<number>();
  mostSlots = 0;
  lwps = 0;
  /** LWPs that stopped while another of their process forked (holdlwps). */
  stops = 0;
  /** Mappings that the forking LWP's hook took from the child (schedctl_fork). */
  unmapped = 0;
  /** LWPs off the queue of an object for the time of a handler. */
  interruptedWaits = 0;
  /** Parents that went down to the priority of an expired quantum for having forked. */
  forkretDemotions = 0;
  /** From the time that a signal was posted until it was looked at, of those that were. */
  readonly pendingNs: number[] = [];
  sends = 0;
  sigblocks = 0;
  finished = 0;
  /** The longest time for which sc_sigblock stood. */
  longestBlockNs = 0;
  handled = 0;
  /** Marks by their number; look_at marks sc_state. */
  readonly marks = new Map<number, number>();
  cancelFlags = 0;
  cancelEintr = 0;
  parks = 0;
  /** Time that LWPs spun, by synchronisation object. */
  readonly spinNs = new Map<number, number>();
  private processes = 0;
  private livePages = 0;
  private liveSlots = 0;
  private posted: number | null = null;
  private readonly blockedSince = new Map<number, number>();
  private readonly spinsSince = new Map<number, { since: number; lock: number }>();
  private readonly wchan = new Map<number, number>();

  constructor(name: string) {
    this.run = recordRun(parseScenario(scenarioText(name), name), {}, { onRow: (row) => this.see(row) });
  }

  mark(number: number): number {
    return this.marks.get(number) ?? 0;
  }

  private see(row: Row): void {
    switch (row.kind) {
      case KIND.p_alive:
        this.processes += row.new === 1 ? 1 : -1;
        this.mostProcesses = Math.max(this.mostProcesses, this.processes);
        if (row.cause === CAUSE.newproc) this.forks++;
        break;
      case KIND.p_vfork:
        this.vforks += row.new;
        break;
      case KIND.p_as:
        if (row.cause === CAUSE.exec) this.execs++;
        break;
      case KIND.page_process:
        this.pages.add(row.object);
        if (row.new >= 0) this.pagesSetUp++;
        this.livePages += row.new >= 0 ? 1 : -1;
        this.mostPages = Math.max(this.mostPages, this.livePages);
        break;
      case KIND.slot_allocated:
        this.liveSlots += row.new === 1 ? 1 : -1;
        this.mostSlots = Math.max(this.mostSlots, this.liveSlots);
        this.allocations += row.new;
        this.slots.add(row.object);
        break;
      case KIND.lwp_alive:
        this.lwps += row.new;
        break;
      case KIND.off_cpu_reason:
        if (row.cause === CAUSE.stop) this.stops++;
        break;
      case KIND.page_references:
        if (row.cause === CAUSE.schedctl_fork) this.unmapped++;
        break;
      case KIND.ts_cpupri:
        if (row.cause === CAUSE.ts_forkret) this.forkretDemotions++;
        break;
      case KIND.p_sig0:
        if (row.cause === CAUSE.sigtoproc) {
          this.sends++;
          this.posted ??= row.timeNs;
        } else if (this.posted !== null) {
          this.pendingNs.push(row.timeNs - this.posted);
          this.posted = null;
        }
        break;
      case KIND.sc_sigblock:
        if (row.new !== 0) {
          this.sigblocks++;
          this.blockedSince.set(row.object, row.timeNs);
        } else {
          this.finished++;
          const blockedNs = row.timeNs - this.blockedSince.get(row.object)!;
          this.longestBlockNs = Math.max(this.longestBlockNs, blockedNs);
        }
        break;
      case KIND.lwp_cursig:
        if (row.cause === CAUSE.psig) this.handled++;
        break;
      case KIND.user_mark:
        this.marks.set(row.object, this.mark(row.object) + 1);
        break;
      case KIND.sc_flgs: {
        const set = row.new & ~row.old;
        if ((set & SC_FLGS.SC_CANCEL_FLG) !== 0) this.cancelFlags++;
        if ((set & SC_FLGS.SC_EINTR_FLG) !== 0) this.cancelEintr++;
        if ((set & SC_FLGS.SC_PARK_FLG) !== 0) this.parks++;
        break;
      }
      case KIND.t_wchan:
        this.wchan.set(row.lwp, row.new);
        if (row.cause === CAUSE.psig) this.interruptedWaits++;
        break;
      case KIND.user_spin: {
        const spin = this.spinsSince.get(row.lwp);
        if (spin !== undefined) {
          this.spinNs.set(spin.lock, (this.spinNs.get(spin.lock) ?? 0) + row.timeNs - spin.since);
          this.spinsSince.delete(row.lwp);
        }
        if (row.new === 1)
          this.spinsSince.set(row.lwp, { since: row.timeNs, lock: this.wchan.get(row.lwp)! });
        break;
      }
      default:
    }
  }
}
