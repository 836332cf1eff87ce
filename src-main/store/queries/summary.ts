/** `trace.open`: what a trace is and whom it names. */
import { basename } from 'node:path';
import type { TraceSummary } from '#shared/api/contract.ts';
import type { TraceDatabase } from '../trace-database.ts';

type SyncKind = TraceSummary['syncs'][number]['kind'];

/** @param params.traceId what the service calls the open trace */
export function summary(trace: TraceDatabase, params: { readonly traceId: string }): TraceSummary {
  return trace.guard(() => {
    const meta = trace.meta;
    const rows = <Row extends unknown[]>(sql: string): Row[] => trace.prepare(sql).all() as Row[];
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
      digest: meta.digest,
      tickNs: meta.tickNs,
      hasSchedctl: meta.hasSchedctl,
      warnings: meta.warnings,
      cpus: rows<[number, string]>('SELECT id, name FROM cpu ORDER BY id').map(([id, name]) => ({
        id,
        name,
      })),
      processes: rows<[number, number, string]>('SELECT id, pid, name FROM process ORDER BY id').map(
        ([id, pid, name]) => ({ id, pid, name }),
      ),
      lwps: rows<[number, number, number, string]>(
        'SELECT id, process, lwp_number, name FROM lwp ORDER BY id',
      ).map(([id, process, lwpNumber, name]) => ({ id, process, lwpNumber, name })),
      pages: rows<[number, number, number]>('SELECT id, process, address FROM page ORDER BY id').map(
        ([id, process, address]) => ({ id, process, address }),
      ),
      syncs: rows<[number, number, SyncKind, string]>(
        'SELECT id, process, kind, name FROM sync ORDER BY id',
      ).map(([id, process, kind, name]) => ({ id, process, kind, name })),
    };
  });
}
