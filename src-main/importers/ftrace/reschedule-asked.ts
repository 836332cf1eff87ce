/**
 * What last asked each CPU to reschedule: the wake-up of a thread on it, its hrtick, its tick.
 *
 * Hot: noted at every wake-up, in typed arrays.
 */
import type { CauseId, CpuId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { IntColumn } from '../scheduler-model/columns.ts';

/** Later than this after it, something else may have asked. */
const LATEST_NS = 100_000;

export class RescheduleAsked {
  private atNs = new Float64Array(64).fill(-Infinity);
  private readonly causes = new IntColumn(NONE);
  private readonly woken = new IntColumn(NONE);

  /** @param woken LWP whose wake-up asks, -1 for none */
  note(cpu: CpuId, timeNs: Ns, cause: CauseId, woken: number): void {
    if (cpu < 0) return;
    if (cpu >= this.atNs.length) this.grow(cpu);
    this.atNs[cpu] = timeNs;
    this.causes.set(cpu, cause);
    this.woken.set(cpu, woken);
  }

  /** The CPU has rescheduled. */
  answered(cpu: CpuId): void {
    if (cpu >= 0 && cpu < this.atNs.length) this.atNs[cpu] = -Infinity;
  }

  /** How long ago a CPU was asked, in ns; -1 where it was not seen. */
  agoNs(cpu: CpuId, timeNs: Ns): Ns {
    const ago = cpu >= 0 && cpu < this.atNs.length ? timeNs - this.atNs[cpu]! : Infinity;
    return ago <= LATEST_NS ? ago : NONE;
  }

  /** CAUSE of what asked last. */
  causeOf(cpu: CpuId): number {
    return this.causes.get(cpu);
  }

  /** LWP whose wake-up asked last, -1 for none. */
  wokenOf(cpu: CpuId): number {
    return this.woken.get(cpu);
  }

  private grow(cpu: CpuId): void {
    const next = new Float64Array(Math.max(cpu + 1, this.atNs.length * 2)).fill(-Infinity);
    next.set(this.atNs);
    this.atNs = next;
  }
}
