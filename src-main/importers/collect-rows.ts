/** For tests: imports a text or file and keeps what comes out, readable. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { CAUSE_NAMES } from '#shared/model/causes.ts';
import { nameOf, OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND_NAMES, UNKNOWN_VALUE, type KindName } from '#shared/model/kinds.ts';
import type { Definition, TransitionSink } from '#shared/model/transition-batch.ts';
import { importTrace, type ImportOptions } from './import-trace.ts';
import type { ImportReport } from './import-report.ts';

export interface Row {
  readonly timeNs: Ns;
  readonly kind: KindName;
  readonly cpu: CpuId;
  /** Thread name, '-' for none. */
  readonly thread: string;
  readonly lwp: LwpId;
  readonly object: number;
  readonly cause: string;
  /** States and reasons by name, everything else as the number. */
  readonly from: string;
  readonly to: string;
}

export interface Collected {
  readonly report: ImportReport;
  readonly rows: readonly Row[];
  /** The last definition of each id. */
  readonly lwps: readonly Extract<Definition, { table: 'lwp' }>[];
  readonly processes: readonly Extract<Definition, { table: 'process' }>[];
  readonly syncs: readonly Extract<Definition, { table: 'sync' }>[];
  readonly syscalls: readonly Extract<Definition, { table: 'syscall' }>[];
  /** `time us  cpu thread kind from -> to (cause)`, of these kinds only. */
  text(...kinds: readonly KindName[]): string[];
  /** States of one thread as `time us state/reason` (on a CPU without the reason), where they change. */
  states(thread: string): string[];
}

export async function importText(text: string | Uint8Array): Promise<Collected> {
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  try {
    const path = join(folder, 'trace.txt');
    await writeFile(path, text);
    return await importPath(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function importPath(path: string, options: ImportOptions = {}): Promise<Collected> {
  const raw: (Omit<Row, 'thread' | 'from' | 'to'> & { kindId: number; old: number; now: number })[] = [];
  const definitions: Definition[] = [];
  const sink: TransitionSink = {
    write: (batch) => {
      definitions.push(...batch.definitions);
      const { timeNs, kind, cpu, lwp, object, cause, oldValue, newValue } = batch.columns;
      for (let row = 0; row < batch.length; row++) {
        raw.push({
          timeNs: timeNs[row]!,
          kindId: kind[row]!,
          kind: KIND_NAMES[kind[row]!]!,
          cpu: cpu[row]!,
          lwp: lwp[row]!,
          object: object[row]!,
          cause: CAUSE_NAMES[cause[row]!]!,
          old: oldValue[row]!,
          now: newValue[row]!,
        });
      }
      return Promise.resolve(batch);
    },
  };
  const report = await importTrace(path, sink, options);
  const lwps = latest(definitions, 'lwp');
  const threadName = (lwp: LwpId): string => (lwp < 0 ? '-' : (lwps[lwp]?.name ?? `?${lwp}`));
  const rows = raw.map(({ old, now, ...row }): Row => ({
    ...row,
    thread: threadName(row.lwp),
    from: valueName(row.kind, old, threadName),
    to: valueName(row.kind, now, threadName),
  }));
  return {
    report,
    rows,
    lwps,
    processes: latest(definitions, 'process'),
    syncs: latest(definitions, 'sync'),
    syscalls: latest(definitions, 'syscall'),
    text: (...kinds) =>
      rows
        .filter(({ kind }) => kinds.includes(kind))
        .map(
          ({ timeNs, cpu, thread, kind, from, to, cause }) =>
            `${timeNs / 1000}us cpu${cpu} ${thread} ${kind} ${from} -> ${to} (${cause})`,
        ),
    states: (thread) => statesOf(rows, thread),
  };
}

function statesOf(rows: readonly Row[], thread: string): string[] {
  const lines: string[] = [];
  let reason = 'none';
  for (const row of rows) {
    if (row.thread !== thread) continue;
    if (row.kind === 'off_cpu_reason') reason = row.to;
    if (row.kind !== 't_state') continue;
    lines.push(`${row.timeNs / 1000}us ${row.to === 'ONPROC' ? row.to : `${row.to}/${reason}`}`);
  }
  return lines;
}

function latest<Table extends Definition['table']>(
  definitions: readonly Definition[],
  table: Table,
): Extract<Definition, { table: Table }>[] {
  const byId: Extract<Definition, { table: Table }>[] = [];
  for (const definition of definitions) {
    if (definition.table === table) byId[definition.id] = definition as Extract<Definition, { table: Table }>;
  }
  return byId;
}

function valueName(kind: KindName, value: number, threadName: (lwp: LwpId) => string): string {
  if (value === UNKNOWN_VALUE) return '?';
  switch (kind) {
    case 't_state':
      return nameOf(TS, value);
    case 'off_cpu_reason':
      return nameOf(OFF_CPU_REASON, value);
    case 'cpu_dispthread':
    case 'chain_broken':
      return value < 0 ? 'idle' : threadName(value);
    default:
      return String(value);
  }
}
