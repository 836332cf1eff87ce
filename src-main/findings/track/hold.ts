/** A lock hold with what its holder and waiters did meanwhile. Reused: copy what you keep. */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { WaitList } from './wait-list.ts';

/** An interval of a hold in which the holder has no CPU, of one kind of state. */
export class OffCpuInterval {
  /** LANE_STATE at its start. */
  state = 0;
  startNs = 0;
  endNs = 0;
  /** CPU that it lost, and the next LWP on it; NONE if unknown. */
  cpu: CpuId = NONE;
  displacedBy: number = NONE;
  /** A request of the holder's stood when it began. */
  isUnderRequest = false;
  /** No line of the source shows the holder come back: when it did is not known, and nothing must rest on it. */
  isUncertain = false;
  /** Who waited for the lock meanwhile. */
  readonly waiters = new WaitList();
}

export class Hold {
  lock = 0;
  lwp = 0;
  startNs = 0;
  endNs = 0;
  /** Ns of it in which the holder's request stood. */
  requestNs = 0;
  /** When its request that stood last in the hold was set, NONE where none did. */
  requestSetNs: Ns = NONE;
  /** When the kernel first let it run on in this hold, and when it was forced off; NONE where it did not. */
  deferredNs: Ns = NONE;
  revokedNs: Ns = NONE;
  deferrals = 0;
  /** Most waiters that there were for any time. */
  peak = 0;
  /** Intervals without a CPU, in order: the first {@link intervalCount} count. */
  readonly intervals: OffCpuInterval[] = [];
  intervalCount = 0;
  /** The last of them still lasts. */
  isOff = false;
  /** Who waited in any part of it. */
  readonly waiters = new WaitList();

  /** At the start: what the cumulative figures of the holder were. */
  requestedBeforeNs = 0;

  begin(lock: number, lwp: LwpId, startNs: Ns): void {
    this.lock = lock;
    this.lwp = lwp;
    this.startNs = startNs;
    this.endNs = startNs;
    this.requestNs = 0;
    this.requestSetNs = NONE;
    this.deferredNs = NONE;
    this.revokedNs = NONE;
    this.deferrals = 0;
    this.peak = 0;
    this.intervalCount = 0;
    this.isOff = false;
    this.waiters.clear();
  }

  /** Appends an interval for the caller to fill in. */
  addInterval(): OffCpuInterval {
    const interval = (this.intervals[this.intervalCount++] ??= new OffCpuInterval());
    interval.displacedBy = NONE;
    interval.isUncertain = false;
    interval.waiters.clear();
    return interval;
  }

  /**
   * Whether the holder's own request stood for most of the time that it ran in the hold. (What libc sets around taking
   * or handing over a lock does not.)
   */
  get carriesRequest(): boolean {
    let ranNs = this.endNs - this.startNs;
    let requestedNs = this.requestNs;
    for (let at = 0; at < this.intervalCount; at++) {
      const { startNs, endNs, isUnderRequest } = this.intervals[at]!;
      ranNs -= endNs - startNs;
      if (isUnderRequest) requestedNs -= endNs - startNs;
    }
    return requestedNs > 0.5 * ranNs;
  }

  get lastInterval(): OffCpuInterval {
    return this.intervals[this.intervalCount - 1]!;
  }
}
