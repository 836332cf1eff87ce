/** Whether several records are of one run and on one clock, by when their scheduler events are and what they share. */
import type { Ns } from '#shared/base/brands.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { Repeats } from './scheduler-model/repeats.ts';

/** Records that lie further apart are not of one run. */
const MAX_APART_NS = 3_600_000_000_000;
const ONE_CLOCK =
  'If they are records of one run, they are on two clocks: record both on one (echo mono > trace_clock, trace-cmd record -C mono, perf record -k mono).';

/**
 * Sentences for the report.
 *
 * @param names of the files, in the order of their sources in `repeats`
 * @throws WorkbenchError 'import-failed' where records are so far apart that they cannot be of one run
 */
export function checkTogether(repeats: Repeats, names: readonly string[]): string[] {
  const warnings: string[] = [];
  const first = repeats.spans[0];
  if (first === undefined) return warnings;
  for (let source = 1; source < names.length; source++) {
    const span = repeats.spans[source];
    if (span === undefined) continue;
    const both = `${names[0]!} tells of ${range(first)} and ${names[source]!} of ${range(span)}`;
    const apartNs = Math.max(span.fromNs - first.toNs, first.fromNs - span.toNs);
    if (apartNs > MAX_APART_NS) {
      throw new WorkbenchError(
        'import-failed',
        `${both}: they do not overlap, so they cannot be joined. ${ONE_CLOCK}`,
        { file: names[source]! },
      );
    }
    if (apartNs > 0) warnings.push(`${both}: they do not overlap. ${ONE_CLOCK}`);
    else if (span.switches > 0 && first.switches > 0 && span.repeated === 0 && repeats.spans.length === 2) {
      warnings.push(
        `${both}, and they have not one scheduler event in common though both have switches. ${ONE_CLOCK}`,
      );
    }
  }
  return warnings;
}

const range = ({ fromNs, toNs }: { fromNs: Ns; toNs: Ns }): string =>
  `${(fromNs / 1e9).toFixed(6)} to ${(toNs / 1e9).toFixed(6)} s`;
