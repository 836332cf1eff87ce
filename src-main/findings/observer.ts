/** The interface through which the pass feeds detectors. */
import type { CpuId, LwpId, Ns, Seq } from '#shared/base/brands.ts';
import type { Hold } from './track/hold.ts';
import type { Request } from './track/request.ts';
import type { Wait } from './track/wait.ts';

/**
 * Callbacks of an observer; each is optional, and an unused one costs nothing. Records are reused: copy what you keep.
 */
export interface Observer {
  /** An LWP was in `state` from `startNs` to now, on or off `cpu`, and is in `next` from now on. */
  interval?(lwp: LwpId, state: number, startNs: Ns, cpu: CpuId, next: number): void;
  /** A CPU runs another LWP from now on; -1 for none. */
  switched?(cpu: CpuId, from: number, to: number): void;
  /** An LWP becomes runnable. */
  woken?(lwp: LwpId, waker: LwpId, cpu: CpuId, sequence: Seq): void;
  holdBegan?(hold: Hold): void;
  /** `scene.nowNs` is its end. */
  holdEnded?(hold: Hold): void;
  waitBegan?(lwp: LwpId, lock: number): void;
  /** Told when the instant of its end is complete. */
  waitEnded?(wait: Wait): void;
  requestSet?(request: Request): void;
  /** The program or the kernel clears it, or its thread ends: what stands at that moment can be asked. */
  requestCleared?(request: Request): void;
  /** All is known of it: when the yield that it owes was made, or can be made no more. */
  requestEnded?(request: Request): void;
  /** @param outcome DECISION */
  decided?(lwp: LwpId, outcome: number, sequence: Seq): void;
  /** See FOLLOWED_KINDS. */
  field?(kind: number, subject: number, value: number): void;
  /** The trace ends: what is open can be asked for a last time. */
  ending?(): void;
  /** The trace ends at `scene.nowNs`; what was open has been told as if it ended here. */
  finish?(): void;
}
