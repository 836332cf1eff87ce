/** A request not to be preempted, with its outcome. Reused: copy what you keep. */
import type { LwpId, Ns, Seq } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { WINDOW_END } from '#shared/model/enums.ts';

export class Request {
  lwp = 0;
  startNs = 0;
  /** NONE where it was never cleared. */
  endNs: Ns = NONE;
  startSequence = 0;
  deferrals = 0;
  firstDeferredNs: Ns = NONE;
  /** The yield that answered the kernel; may come after the end. */
  yieldedNs: Ns = NONE;
  revokedNs: Ns = NONE;
  /** WINDOW_END. */
  ending: number = WINDOW_END.open;
  /** Locks were held in it; when the last was given back, NONE where none was. */
  hadLock = false;
  lastReleaseNs: Ns = NONE;
  /** Longest hold that ended in it. */
  longestHoldNs = 0;
  /** Ns on a CPU in it, and of that while holding a lock. */
  ranNs = 0;
  ranHoldingNs = 0;

  begin(lwp: LwpId, startNs: Ns, sequence: Seq): void {
    this.lwp = lwp;
    this.startNs = startNs;
    this.endNs = NONE;
    this.startSequence = sequence;
    this.deferrals = 0;
    this.firstDeferredNs = NONE;
    this.yieldedNs = NONE;
    this.revokedNs = NONE;
    this.ending = WINDOW_END.open;
    this.hadLock = false;
    this.lastReleaseNs = NONE;
    this.longestHoldNs = 0;
    this.ranNs = 0;
    this.ranHoldingNs = 0;
  }
}
