/** `trace.open`: what a trace is and the subjects that it names. */
import { basename } from 'node:path';
import type { TraceSummary } from '#shared/api/contract.ts';
import { names } from '../read/names.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

/** @param params.traceId what the service calls the open trace */
export function summary(trace: TraceDatabase, params: { readonly traceId: string }): TraceSummary {
  return trace.guard(() => {
    const meta = trace.meta;
    return {
      traceId: params.traceId,
      path: trace.path,
      fileName: basename(trace.path),
      source: meta.source,
      sourceDetail: meta.sourceDetail,
      complete: meta.complete,
      incompleteReason: meta.incompleteReason,
      events: meta.events,
      durationNs: meta.durationNs,
      plannedNs: meta.plannedNs,
      digest: meta.digest,
      tickNs: meta.tickNs,
      clockUnit: meta.clockUnit,
      hasSchedctl: meta.hasSchedctl,
      warnings: meta.warnings,
      ...names(trace),
    };
  });
}
