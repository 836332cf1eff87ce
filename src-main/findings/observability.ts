/**
 * What a trace has to show for a detector to look. The emulator shows all; of an imported trace it is known only once
 * the thing has been seen: a trace without a lock log looks like one without locks.
 */

export const NEEDS = {
  switches: 'it does not show which thread had which CPU',
  lockHolds:
    'it does not record lock holders: record lock events, or give the lock log of the run with --locks',
  lockWaits:
    'it does not record lock waiters: record lock events, or give the lock log of the run with --locks',
  requests: 'it shows no request not to be preempted: its source records none, or none was made',
  decisions: 'it shows no decision of preemption control: its source records none, or none was made',
  yieldAsked: 'its source does not record sc_yield',
  wakeups: 'it does not show wake-ups: record sched_waking or sched_wakeup',
  priorities: 'it does not tell the priorities of threads',
  classes: 'it does not tell the scheduling classes of threads',
  bindings: 'it does not tell to which CPUs threads are bound',
  ticks: 'it does not show clock ticks',
  quantum: 'it does not show the time-sharing class of illumos at work',
  scState: 'it does not show what user code reads in shared structures',
  slots: 'it has no pages of shared structures',
  interrupts: 'it does not show interrupts',
} as const satisfies Record<string, string>;

export type Need = keyof typeof NEEDS;

/** Needs that no source meets yet, the emulator included. */
const NEVER: ReadonlySet<Need> = new Set<Need>(['interrupts']);

export class Observability {
  private readonly isEmulated: boolean;
  private readonly seen = new Set<Need>();

  constructor(isEmulated: boolean) {
    this.isEmulated = isEmulated;
  }

  /** The trace shows it. Cheap enough for hot paths only behind a flag of one's own. */
  see(need: Need): void {
    this.seen.add(need);
  }

  /** Why the trace cannot answer, or null where it can. */
  whyNot(needs: readonly Need[]): string | null {
    const missing = needs.find((need) => NEVER.has(need) || (!this.isEmulated && !this.seen.has(need)));
    return missing === undefined ? null : NEEDS[missing];
  }
}
