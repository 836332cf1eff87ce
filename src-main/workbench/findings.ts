/** Findings of an open trace: those in the file where they will do, else made anew. */
import type { Findings } from '#shared/model/findings.ts';
import type { Detector } from '../findings/detector.ts';
import { DETECTORS } from '../findings/detectors/index.ts';
import { parseThreshold, type ThresholdValues } from '../findings/thresholds.ts';
import { findings, recomputeFindings, type RecomputeOptions, type TraceDatabase } from '../store/index.ts';

export { DETECTORS, parseThreshold, type Detector, type ThresholdValues };

/**
 * @param options.thresholds others than the defaults: the whole trace is read
 * @throws WorkbenchError 'cancelled', 'corrupt-trace'
 */
export function findingsOf(trace: TraceDatabase, options: RecomputeOptions = {}): Findings {
  const hasDefaults = Object.keys(options.thresholds ?? {}).length === 0 && options.detectors === undefined;
  if (hasDefaults) {
    const stored = findings(trace, {});
    if (stored.findings !== null && stored.isCurrent) return stored.findings;
  }
  return recomputeFindings(trace, options);
}
