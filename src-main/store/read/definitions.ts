/** The names of a trace in the form that a recording defines them, for reading its rows again. */
import type { Definition } from '#shared/model/transition-batch.ts';
import { names } from './names.ts';
import type { TraceDatabase } from './trace-database.ts';

/** Throws WorkbenchError 'corrupt-trace' for a row that is none. */
export function definitionsOf(trace: TraceDatabase): Definition[] {
  const { cpus, processes, lwps, pages, syncs, syscalls } = names(trace);
  return [
    ...cpus.map((row): Definition => ({ table: 'cpu', ...row })),
    ...processes.map((row): Definition => ({ table: 'process', ...row })),
    ...lwps.map((row): Definition => ({ table: 'lwp', ...row })),
    ...pages.map((row): Definition => ({ table: 'page', ...row })),
    ...syncs.map((row): Definition => ({ table: 'sync', ...row })),
    ...syscalls.map((row): Definition => ({ table: 'syscall', ...row })),
  ];
}
