/** How long a trace may be: times are whole nanoseconds that a number holds exactly, up to 2^53 (104 days). */
import type { Ns, Seq } from '#shared/base/brands.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';

/** Rows at the beginning of a batch, whose times never decrease, that a trace has room for. */
export function rowsWithinLimit({ columns, length }: TransitionBatch): number {
  let rows = length;
  while (rows > 0 && !(columns.timeNs[rows - 1]! <= Number.MAX_SAFE_INTEGER)) rows--;
  return rows;
}

/** @param sequence of the first row that is too late */
export function tooLong(sequence: Seq, timeNs: Ns): WorkbenchError {
  const days = (timeNs / 86_400e9).toLocaleString('en-US', { maximumFractionDigits: 0 });
  return new WorkbenchError(
    'import-failed',
    `Event ${sequence} is ${days} days after the first, but a trace can be at most 104 days long (2^53 ns): the source has ` +
      'timestamps of two clocks, or damaged ones. Import the parts before and after the jump separately.',
    { found: `${timeNs} ns`, expected: `at most ${Number.MAX_SAFE_INTEGER} ns` },
  );
}
