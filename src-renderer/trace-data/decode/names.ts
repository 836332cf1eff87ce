/** Names of the things in a trace: what its dimension tables call them, or their number where they have no name. */
import type { TraceSummary } from '#shared/api/contract.ts';
import { PAGE_KIND } from '#shared/model/enums.ts';
import { KIND, KIND_NAMES, KIND_SPECS, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { queueIdentity } from '#shared/model/queues.ts';
import { threadWords, type ThreadWords } from '#shared/model/thread-words.ts';

export interface NameTable {
  /** What the trace calls threads: LWPs, or threads with TIDs. */
  readonly words: ThreadWords;
  /** Short: for tables and chips. */
  readonly lwp: (id: number) => string;
  /** "postgres 1412 · LWP 9", "postgres 1412 · TID 1421". */
  readonly lwpOrigin: (id: number) => string;
  readonly cpu: (id: number) => string;
  readonly process: (id: number) => string;
  readonly page: (id: number) => string;
  readonly slot: (id: number) => string;
  readonly sync: (id: number) => string;
  readonly queue: (id: number) => string;
  readonly syscall: (id: number) => string;
  /** A field by the name that its system has for it; `id` is that of its subject. */
  readonly field: (kind: number, id: number) => string;
  /** Whether a page stands for the rseq areas of a Linux process. */
  readonly isRseqPage: (page: number) => boolean;
  /** Whether preemption control is that of Linux: time slice extensions. */
  readonly isLinux: boolean;
}

type Dimensions = Pick<
  TraceSummary,
  'source' | 'cpus' | 'processes' | 'lwps' | 'pages' | 'syncs' | 'syscalls'
>;

/** Fields of an rseq area (linux/rseq.h), by the kinds that stand for them. */
const RSEQ_FIELDS: Readonly<Record<number, string>> = {
  [KIND.sc_cpu]: 'cpu_id',
  [KIND.sc_nopreempt]: 'slice_ctrl.granted',
  [KIND.slot_allocated]: 'rseq area',
  [KIND.slot_lwp]: 'rseq area of',
};

/** Looks names up by id; built once for an open trace. */
export function nameTable(trace: Dimensions): NameTable {
  const words = threadWords(trace.source);
  const lwps = new Map(trace.lwps.map((lwp) => [lwp.id, lwp]));
  const cpus = new Map(trace.cpus.map((cpu) => [cpu.id, cpu.name]));
  const processes = new Map(trace.processes.map((process) => [process.id, process]));
  const syncs = new Map(trace.syncs.map((sync) => [sync.id, sync.name]));
  const pages = new Map(trace.pages.map((page) => [page.id, page]));

  const process = (id: number): string => {
    const known = processes.get(id);
    return known === undefined ? `process ${id}` : `${known.name} ${known.pid}`;
  };
  const syscalls = new Map(trace.syscalls.map(({ id, name }) => [id, name]));
  const isRseqPage = (id: number): boolean => pages.get(id)?.kind === PAGE_KIND.rseq;
  const isLinux = trace.pages.some(({ kind }) => kind === PAGE_KIND.rseq);
  const sync = (id: number): string => syncs.get(id) || `object ${id}`;
  const cpu = (id: number): string => cpus.get(id) || `CPU ${id}`;
  return {
    words,
    lwp: (id) => {
      const known = lwps.get(id);
      return known === undefined ? `${words.one} ${id}` : known.name || `${words.number} ${known.lwpNumber}`;
    },
    lwpOrigin: (id) => {
      const known = lwps.get(id);
      return known === undefined
        ? `${words.one} ${id}`
        : `${process(known.process)} · ${words.number} ${known.lwpNumber}`;
    },
    cpu,
    process,
    page: (id) => {
      const known = pages.get(id);
      if (known === undefined) return `page ${id}`;
      return isRseqPage(id)
        ? `rseq areas of ${process(known.process)}`
        : `page ${id} of ${process(known.process)}`;
    },
    slot: (id) => {
      const page = Math.floor(id / SLOT_ID_STRIDE);
      const index = id % SLOT_ID_STRIDE;
      return isRseqPage(page) ? `rseq area ${index}` : `page ${page}, slot ${index}`;
    },
    sync,
    syscall: (id) => syscalls.get(id) ?? `system call ${id}`,
    field: (kind, id) => {
      const isRseq =
        KIND_SPECS[kind]?.subject === 'slot'
          ? isRseqPage(Math.floor(id / SLOT_ID_STRIDE))
          : isLinux && kind === KIND.t_schedctl;
      return (isRseq ? (RSEQ_FIELDS[kind] ?? 'rseq area') : KIND_NAMES[kind]) ?? `kind ${kind}`;
    },
    isRseqPage,
    isLinux,
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
