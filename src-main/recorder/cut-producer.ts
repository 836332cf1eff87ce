/** Records a time range of another trace: the result is a trace like any other. */
import { basename } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { cutTrace } from './cut-trace.ts';
import { TraceDatabase } from '../store/read/trace-database.ts';
import type { Producer, ProducerSpec } from './producer.ts';

/** Throws WorkbenchError where the trace cannot be opened, 'usage' where the range is outside of it. */
export function openCut(spec: ProducerSpec & { readonly kind: 'cut' }): Producer {
  const trace = TraceDatabase.open(spec.path);
  const { meta } = trace;
  const range = { startNs: Math.max(0, spec.startNs), endNs: Math.min(meta.durationNs, spec.endNs) };
  if (range.endNs < range.startNs) {
    trace.close();
    throw new WorkbenchError('usage', `${spec.path} ends before that: it is ${meta.durationNs} ns long.`, {
      file: spec.path,
      timeNs: spec.startNs,
    });
  }
  const reachesEnd = range.endNs === meta.durationNs;
  const { source, tickNs, clock, scenario, warnings } = meta;
  const plannedNs = reachesEnd && meta.plannedNs !== null ? meta.plannedNs - range.startNs : null;
  const sourceDetail = `${range.startNs} to ${range.endNs} ns of ${basename(spec.path)}: ${meta.sourceDetail}`;
  return {
    source: { source, sourceDetail, tickNs, clock, scenario, plannedNs },
    async run(sink, { signal, reached }) {
      try {
        await cutTrace(trace, range, sink, { signal, onProgress: reached });
      } finally {
        trace.close();
      }
      return {
        // What is missing at the end of the trace is missing here only if its end is here.
        incompleteReason: reachesEnd ? meta.incompleteReason : null,
        warnings,
        source: {},
        report: null,
      };
    },
  };
}
