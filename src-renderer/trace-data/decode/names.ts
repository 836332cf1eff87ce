/** Names of the things in a trace: what its dimension tables call them, or their number where they have no name. */
import type { TraceSummary } from '#shared/api/contract.ts';
import { SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { queueIdentity } from '#shared/model/queues.ts';

export interface NameTable {
  /** Short: for tables and chips. */
  readonly lwp: (id: number) => string;
  /** "postgres 1412 · LWP 9". */
  readonly lwpOrigin: (id: number) => string;
  readonly cpu: (id: number) => string;
  readonly process: (id: number) => string;
  readonly page: (id: number) => string;
  readonly slot: (id: number) => string;
  readonly sync: (id: number) => string;
  readonly queue: (id: number) => string;
}

type Dimensions = Pick<TraceSummary, 'cpus' | 'processes' | 'lwps' | 'pages' | 'syncs'>;

/** Looks names up by id; built once for an open trace. */
export function nameTable(trace: Dimensions): NameTable {
  const lwps = new Map(trace.lwps.map((lwp) => [lwp.id, lwp]));
  const cpus = new Map(trace.cpus.map((cpu) => [cpu.id, cpu.name]));
  const processes = new Map(trace.processes.map((process) => [process.id, process]));
  const syncs = new Map(trace.syncs.map((sync) => [sync.id, sync.name]));
  const pages = new Map(trace.pages.map((page) => [page.id, page]));

  const process = (id: number): string => {
    const known = processes.get(id);
    return known === undefined ? `process ${id}` : `${known.name} ${known.pid}`;
  };
  const sync = (id: number): string => syncs.get(id) || `object ${id}`;
  const cpu = (id: number): string => cpus.get(id) || `CPU ${id}`;
  return {
    lwp: (id) => {
      const known = lwps.get(id);
      return known === undefined ? `LWP ${id}` : known.name || `LWP ${known.lwpNumber}`;
    },
    lwpOrigin: (id) => {
      const known = lwps.get(id);
      return known === undefined ? `LWP ${id}` : `${process(known.process)} · LWP ${known.lwpNumber}`;
    },
    cpu,
    process,
    page: (id) => {
      const known = pages.get(id);
      return known === undefined ? `page ${id}` : `page ${id} of ${process(known.process)}`;
    },
    slot: (id) => `page ${Math.floor(id / SLOT_ID_STRIDE)}, slot ${id % SLOT_ID_STRIDE}`,
    sync,
    queue: (id) => {
      const queue = queueIdentity(id);
      switch (queue.kind) {
        case 'run':
          return `run queue of ${cpu(queue.cpu)}, priority ${queue.priority}`;
        case 'kernelPreempt':
          return `kernel-preempt queue of set ${queue.partition}, priority ${queue.priority}`;
        case 'sleep':
          return `sleep queue of ${sync(queue.sync)}`;
      }
    },
  };
}
