/**
 * Estimates the remaining time of a job from its progress. The speed is averaged over the last seconds, with less
 * weight for older samples, so that the estimate neither jumps at every hiccup nor sticks to an outdated speed.
 */

/** Nothing is said before: too little is known of the speed. */
const SILENT_MS = 1000;
/** What was measured so long ago counts a third. */
const MEMORY_MS = 5000;

export class RemainingTime {
  private readonly startMs: number;
  private lastMs: number;
  private lastFraction = 0;
  /** Average speed, fraction a ms; null before the first one. */
  private speed: number | null = null;

  constructor(nowMs: number) {
    this.startMs = nowMs;
    this.lastMs = nowMs;
  }

  /** In ms; null where it cannot be known (yet). `fraction` is 0 to 1, null where the end is unknown. */
  at(nowMs: number, fraction: number | null): number | null {
    if (fraction === null) return null;
    const elapsedMs = nowMs - this.lastMs;
    if (elapsedMs > 0) {
      const speed = Math.max(0, fraction - this.lastFraction) / elapsedMs;
      const weight = Math.max(1 - Math.exp(-elapsedMs / MEMORY_MS), elapsedMs / (nowMs - this.startMs));
      this.speed = this.speed === null ? speed : this.speed + weight * (speed - this.speed);
      this.lastMs = nowMs;
      this.lastFraction = fraction;
    }
    if (nowMs - this.startMs < SILENT_MS || this.speed === null || this.speed <= 0) return null;
    return Math.max(0, (1 - fraction) / this.speed);
  }
}
