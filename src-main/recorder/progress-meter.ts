/** Tells how a recording goes, a few times a second. */
import type { Ns } from '#shared/base/brands.ts';
import type { RecordProgress } from './messages.ts';
import { RemainingTime } from './remaining-time.ts';

const EVERY_MS = 200;

interface Measured {
  readonly events: number;
  readonly timeNs: Ns;
  readonly bytes: number;
}

export class ProgressMeter {
  private readonly tell: (progress: RecordProgress) => void;
  private lastMs = performance.now();
  private lastEvents = 0;
  private readonly remaining = new RemainingTime(this.lastMs);

  constructor(tell: (progress: RecordProgress) => void) {
    this.tell = tell;
  }

  /** To be called often; tells only when it is time. The rate is that since the last time. */
  report(trace: Measured, fraction: number | null): void {
    const nowMs = performance.now();
    if (nowMs - this.lastMs < EVERY_MS) return;
    const eventsPerSecond = Math.round(((trace.events - this.lastEvents) * 1000) / (nowMs - this.lastMs));
    this.lastMs = nowMs;
    this.lastEvents = trace.events;
    const remainingMs = this.remaining.at(nowMs, fraction);
    this.tell({ ...trace, fraction, eventsPerSecond, remainingMs });
  }
}
