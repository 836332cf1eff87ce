/** Whom a trace names: its dimension tables as rows. */
import type { TraceSummary } from '#shared/api/contract.ts';
import { checkedRows } from './checked-rows.ts';
import type { TraceDatabase } from './trace-database.ts';

type PageKind = TraceSummary['pages'][number]['kind'];
type SyncKind = TraceSummary['syncs'][number]['kind'];

/** In order of their ids. */
export type Names = Pick<TraceSummary, 'cpus' | 'processes' | 'lwps' | 'pages' | 'syncs' | 'syscalls'>;

/** Throws WorkbenchError 'corrupt-trace' for a row that is none. */
export function names(trace: TraceDatabase): Names {
  return trace.guard(() => ({
    cpus: checkedRows(trace, 'SELECT id, name FROM cpu ORDER BY id', ['integer', 'text']).map(
      ([id, name]) => ({
        id,
        name,
      }),
    ),
    processes: checkedRows(trace, 'SELECT id, pid, name FROM process ORDER BY id', [
      'integer',
      'integer',
      'text',
    ]).map(([id, pid, name]) => ({ id, pid, name })),
    lwps: checkedRows(trace, 'SELECT id, process, lwp_number, name FROM lwp ORDER BY id', [
      'integer',
      'integer',
      'integer',
      'text',
    ]).map(([id, process, lwpNumber, name]) => ({ id, process, lwpNumber, name })),
    pages: checkedRows(trace, 'SELECT id, process, address, kind FROM page ORDER BY id', [
      'integer',
      'integer',
      'integerOrNull',
      'integer',
    ]).map(([id, process, address, kind]) => ({ id, process, address, kind: kind as PageKind })),
    syncs: checkedRows(trace, 'SELECT id, process, kind, name FROM sync ORDER BY id', [
      'integer',
      'integer',
      'integer',
      'text',
    ]).map(([id, process, kind, name]) => ({ id, process, kind: kind as SyncKind, name })),
    syscalls: checkedRows(trace, 'SELECT id, name FROM syscall ORDER BY id', ['integer', 'text']).map(
      ([id, name]) => ({ id, name }),
    ),
  }));
}
