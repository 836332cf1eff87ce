/** What is kept of a hold that is judged only when more is known of its lock. */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { Hold, OffCpuInterval } from './hold.ts';
import type { WaitList } from './wait-list.ts';

export interface KeptWaits {
  readonly length: number;
  readonly lwp: readonly LwpId[];
  readonly startNs: readonly Ns[];
  readonly endNs: readonly Ns[];
  readonly spinNs: readonly Ns[];
}

export interface KeptHold {
  readonly lock: number;
  readonly lwp: LwpId;
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly intervals: readonly {
    readonly startNs: Ns;
    readonly endNs: Ns;
    readonly displacedBy: number;
    readonly waiters: KeptWaits;
  }[];
}

export function keptHold(
  { lock, lwp, startNs, endNs }: Hold,
  intervals: readonly OffCpuInterval[],
): KeptHold {
  return {
    lock,
    lwp,
    startNs,
    endNs,
    intervals: intervals.map((interval) => ({
      startNs: interval.startNs,
      endNs: interval.endNs,
      displacedBy: interval.displacedBy,
      waiters: keptWaits(interval.waiters),
    })),
  };
}

export function keptWaits({ length, lwp, startNs, endNs, spinNs }: WaitList): KeptWaits {
  return {
    length,
    lwp: lwp.slice(0, length),
    startNs: startNs.slice(0, length),
    endNs: endNs.slice(0, length),
    spinNs: spinNs.slice(0, length),
  };
}
