/** What is kept of a hold that is judged only when more is known of its lock. */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { Hold, OffCpuStretch } from './hold.ts';
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
  readonly stretches: readonly {
    readonly startNs: Ns;
    readonly endNs: Ns;
    readonly displacedBy: number;
    readonly waiters: KeptWaits;
  }[];
}

export function keptHold({ lock, lwp, startNs, endNs }: Hold, stretches: readonly OffCpuStretch[]): KeptHold {
  return {
    lock,
    lwp,
    startNs,
    endNs,
    stretches: stretches.map((stretch) => ({
      startNs: stretch.startNs,
      endNs: stretch.endNs,
      displacedBy: stretch.displacedBy,
      waiters: keptWaits(stretch.waiters),
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
