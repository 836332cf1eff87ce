/** Findings of a trace: what went wrong, with what it cost. */
import { z } from 'zod';
import type { FindingKind, Findings } from '../../model/findings.ts';
import { traceId } from './parameters.ts';
import { answer, request } from './request.ts';

export type * from '../../model/findings.ts';

export interface TraceFindings {
  /** Null where none have been made: a recording that is running, or was cut off. They can be made anew. */
  readonly findings: Findings | null;
  /** They are what the detectors of this version find. */
  readonly isCurrent: boolean;
  /** All that the detectors of this version look for. */
  readonly kinds: readonly FindingKind[];
}

export const findingQueries = {
  /** `recompute`: made anew by the detectors of this version, which reads the whole trace; else those of the file. */
  'trace.findings': request(
    z.object({ traceId, recompute: z.boolean().optional() }),
    answer<TraceFindings>(),
  ),
};
