/** Long work in a thread that must also listen: gives way now and then, reports, and ends when it is cancelled. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { WorkbenchError } from '#shared/base/errors.ts';

const EVERY_MS = 50;
/** Steps between looks at the clock. */
const STEPS = 256;

export class Pace {
  private readonly signal: CancelSignal | undefined;
  private readonly report: () => void;
  private steps = 0;
  private lastMs = performance.now();

  /** @param report called some twenty times a second at most */
  constructor(signal: CancelSignal | undefined, report: () => void) {
    this.signal = signal;
    this.report = report;
  }

  /** Whether {@link breathe} is due: cheap enough to ask for every row. */
  get isDue(): boolean {
    if (++this.steps < STEPS) return false;
    this.steps = 0;
    return performance.now() - this.lastMs > EVERY_MS;
  }

  /** Throws WorkbenchError cancelled. */
  async breathe(): Promise<void> {
    this.report();
    await nextTurn();
    if (this.signal?.aborted === true) {
      throw new WorkbenchError('cancelled', 'The export was cancelled; nothing was written.');
    }
    this.lastMs = performance.now();
  }
}
