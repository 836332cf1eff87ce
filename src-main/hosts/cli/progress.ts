/** One line of progress on stderr, where that is a terminal; nothing at all elsewhere. */

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
