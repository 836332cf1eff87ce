/** How bad a finding is: by its share of the time that CPUs were busy, or by the longest delay of one thread. */
import type { Ns } from '#shared/base/brands.ts';
import type { Severity } from '#shared/model/findings.ts';

const HIGH_SHARE = 0.05;
const MEDIUM_SHARE = 0.01;
/** A single delay over these is as bad, however long the trace is. */
const HIGH_DELAY_NS = 10_000_000;
const MEDIUM_DELAY_NS = 1_000_000;

export function severityOf(costNs: Ns, longestNs: Ns, busyNs: Ns): Severity {
  const share = busyNs > 0 ? costNs / busyNs : 0;
  if (share >= HIGH_SHARE || longestNs > HIGH_DELAY_NS) return 'high';
  if (share >= MEDIUM_SHARE || longestNs > MEDIUM_DELAY_NS) return 'medium';
  return 'low';
}

/** One step down, for findings from a time range in which the source lost events. */
export function lowered(severity: Severity): Severity {
  return severity === 'high' ? 'medium' : severity === 'medium' ? 'low' : severity;
}
