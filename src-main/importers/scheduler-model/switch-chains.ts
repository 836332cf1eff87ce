/**
 * Whom the switch lines show on each CPU, and the doubts that other lines raise about it.
 *
 * A switch is traced before it is done: what the kernel traces between the two (a TLB flush, the FPU's state,
 * a sample, a switch record) still carries the name of the thread that leaves. So a line that names another
 * thread than the one that came in with the CPU's last switch proves nothing by itself. It is noted as a
 * doubt, and only the CPU's next switch decides: where the thread that came in leaves, nothing was hidden
 * and the doubts are dropped; where another one leaves, switches were hidden, at the places noted here.
 *
 * Hot: {@link SwitchChains.cameIn} and {@link SwitchChains.isNamed} are looked at once a line. The rest runs
 * where a line names another thread than the switch lines show.
 */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { IntColumn } from './columns.ts';

/** No switch line of the CPU has been seen since the start, or since it lost events. */
export const NO_SWITCH = -2;
const NEVER = -1;

/**
 * How long after a switch line its CPU may still show the thread that left. Microseconds on a real machine;
 * a virtual one may be stopped in between. A thread that is shown for longer runs.
 */
const SWITCHING_NS = 1_000_000;

/** What lines have named on a CPU since its last switch. */
const NAMED = {
  nobody: 0,
  /** The thread that came in. */
  incoming: 1,
  /** Only the thread that left. */
  outgoing: 2,
  /** Another thread: there are doubts. */
  other: 3,
} as const;

/** A run that began without a switch line, if the CPU's next switch says so. */
export interface Doubt {
  /** LWP that a line names, -1 for the idle thread. */
  readonly lwp: LwpId;
  /** Record at which its run would begin: the line's, or that of the wake-up before it. */
  position: number;
  readonly atWakeUp: boolean;
  readonly line: number;
}

/** So many doubts that do not count any more are kept at least before they are dropped. */
const COMPACTED_FROM = 1024;
const NO_DOUBTS: readonly Doubt[] = [];

export class SwitchChains {
  /** LWP that came in with the last switch line of each CPU, -1 for the idle thread, else {@link NO_SWITCH}. */
  readonly cameIn = new IntColumn(NO_SWITCH);
  private readonly wentOut = new IntColumn(NO_SWITCH);
  private readonly switchedNs: Ns[] = [];
  private readonly named = new IntColumn(NAMED.nobody);
  /** Position and line of the first record after the switch that names the thread that left. */
  private readonly outgoingAt = new IntColumn(NEVER);
  private readonly outgoingLine: number[] = [];
  private readonly doubts: Doubt[][] = [];
  /** Of the doubts about each CPU, those before this index do not count any more: see {@link isDoubted}. */
  private readonly firstDoubt: number[] = [];

  /** A switch line of a CPU: what was noted before it is decided. */
  switched(cpu: CpuId, from: number, to: number, timeNs: Ns): void {
    this.cameIn.set(cpu, to);
    this.wentOut.set(cpu, from);
    this.switchedNs[cpu] = timeNs;
    this.forget(cpu);
  }

  /** The CPU lost events: who runs there is not known any more. */
  lost(cpu: CpuId): void {
    this.cameIn.set(cpu, NO_SWITCH);
    this.wentOut.set(cpu, NO_SWITCH);
    this.forget(cpu);
  }

  /** Whether nothing needs to be done about a line that names the thread that came in. */
  isNamed(cpu: CpuId): boolean {
    return this.named.get(cpu) === NAMED.incoming;
  }

  /** A line names the thread that came in: it still ran there, whatever lines before it named. */
  confirm(cpu: CpuId): void {
    this.forget(cpu);
    this.named.set(cpu, NAMED.incoming);
  }

  /** Whether a line that names `lwp` now may come from before the switch was done. */
  mayBeOutgoing(cpu: CpuId, lwp: LwpId, timeNs: Ns): boolean {
    const named = this.named.get(cpu);
    return (
      (named === NAMED.nobody || named === NAMED.outgoing) &&
      lwp === this.wentOut.get(cpu) &&
      timeNs - this.switchedNs[cpu]! <= SWITCHING_NS
    );
  }

  /** Notes such a line. */
  noteOutgoing(cpu: CpuId, position: number, line: number): void {
    if (this.named.get(cpu) === NAMED.outgoing) return;
    this.named.set(cpu, NAMED.outgoing);
    this.outgoingAt.set(cpu, position);
    this.outgoingLine[cpu] = line;
  }

  /** A thread is woken to run on a CPU: lines there that named it before do not show it run. */
  woken(cpu: CpuId, lwp: LwpId): void {
    if (this.named.get(cpu) === NAMED.outgoing && this.wentOut.get(cpu) === lwp) this.forget(cpu);
  }

  /** LWP that the last line named which raised a doubt; {@link NO_SWITCH} where there is none. */
  doubtedFor(cpu: CpuId): number {
    return this.doubts[cpu]?.at(-1)?.lwp ?? NO_SWITCH;
  }

  /** Position from which the last doubt is, -1 where there is none. */
  doubtedSince(cpu: CpuId): number {
    return this.doubts[cpu]?.at(-1)?.position ?? NEVER;
  }

  doubt(cpu: CpuId, doubt: Doubt): void {
    (this.doubts[cpu] ??= []).push(doubt);
    this.named.set(cpu, NAMED.other);
  }

  /**
   * Whether some doubt is about the record at `position`, the oldest that is held. Of the doubts about older ones only
   * the last of a CPU counts from now on: its run is the one under way there where the records held begin.
   */
  isDoubted(position: number): boolean {
    let isAbout = false;
    for (let cpu = 0; cpu < this.doubts.length; cpu++) {
      const doubts = this.doubts[cpu];
      if (doubts === undefined || doubts.length === 0) continue;
      let first = this.firstDoubt[cpu] ?? 0;
      while (first + 1 < doubts.length && doubts[first + 1]!.position < position) first++;
      if (doubts[first]!.position === position || doubts[first + 1]?.position === position) isAbout = true;
      // Now and then: a CPU may have doubts without end, and each of them be asked about.
      if (first > COMPACTED_FROM && first * 2 > doubts.length) {
        doubts.splice(0, first);
        first = 0;
      }
      this.firstDoubt[cpu] = first;
    }
    return isAbout;
  }

  /**
   * The doubts about a CPU, oldest first.
   *
   * @param leaving LWP that leaves by the CPU's next switch line. Where lines after the last switch named it,
   *   they count, even if it is the one that left then. {@link NO_SWITCH} where there is no such line.
   */
  doubtsAbout(cpu: CpuId, leaving: number): readonly Doubt[] {
    const first = this.firstDoubt[cpu] ?? 0;
    const all = this.doubts[cpu] ?? NO_DOUBTS;
    const doubts = first === 0 ? all : all.slice(first);
    const position = this.outgoingAt.get(cpu);
    if (position === NEVER || leaving !== this.wentOut.get(cpu)) return doubts;
    const outgoing: Doubt = { lwp: leaving, position, atWakeUp: false, line: this.outgoingLine[cpu]! };
    if (doubts.length === 0) return [outgoing];
    return doubts[0]!.lwp === leaving ? [outgoing, ...doubts.slice(1)] : doubts;
  }

  private forget(cpu: CpuId): void {
    if (this.named.get(cpu) === NAMED.nobody) return;
    this.named.set(cpu, NAMED.nobody);
    this.outgoingAt.set(cpu, NEVER);
    const doubts = this.doubts[cpu];
    // Setting a length costs as much as a line, even where it is 0 already.
    if (doubts === undefined || doubts.length === 0) return;
    doubts.length = 0;
    this.firstDoubt[cpu] = 0;
  }
}
