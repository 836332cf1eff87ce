/** One line of progress on stderr, where that is a terminal; nothing at all elsewhere. */
import { remainingWords } from '#shared/base/remaining-words.ts';
import type { RecordProgress } from '#main/recorder/record-trace.ts';

const EVERY_MS = 100;

export class ProgressLine {
  private readonly shown = process.stderr.isTTY;
  private lastMs = 0;
  private width = 0;

  /** Replaces the line, a few times a second at most. */
  update(text: () => string): void {
    if (!this.shown) return;
    const now = performance.now();
    if (now - this.lastMs < EVERY_MS) return;
    this.lastMs = now;
    const line = text().slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1));
    process.stderr.write(`\r${line.padEnd(this.width)}`);
    this.width = line.length;
  }

  /** Takes the line away. */
  clear(): void {
    if (this.width > 0) process.stderr.write(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }
}

const millions = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1, notation: 'compact' });
/** 12.3M */
export const short = (value: number): string => millions.format(value);

/** `45 %, 12.3M events, 740K/s, 560.1 MB, about 12 s left`; `reached` stands before the events. */
export function describeProgress(progress: RecordProgress, reached: string | null = null): string {
  const { events, eventsPerSecond, bytes, fraction, remainingMs } = progress;
  const parts = [
    fraction === null ? null : `${Math.round(fraction * 100)} %`,
    reached,
    `${short(events)} events`,
    `${short(eventsPerSecond)}/s`,
    `${(bytes / 1e6).toFixed(1)} MB`,
    remainingWords(remainingMs),
  ];
  return parts.filter((part) => part !== null).join(', ');
}
