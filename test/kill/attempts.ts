/** Work that is killed: what it reads, what it makes, and when that is whole. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { TraceDatabase, verifyTrace } from '#main/store/index.ts';
import { SyntheticTrace } from '#main/store/testing/synthetic-trace.ts';
import { TEST_SOURCE } from '#main/store/testing/test-source.ts';
import { TraceWriter } from '#main/store/write/trace-writer.ts';

const root = join(import.meta.dirname, '../..');

export interface Attempt {
  /** Names of the files that it reads. */
  readonly sources: readonly string[];
  /** Name of what it makes; null where it changes its source. */
  readonly output: string | null;
  /** Arguments of Node. @param cli the command line's program */
  readonly args: (cli: string, folder: string) => readonly string[];
}

const TRACE = 'a.sctrace';
const OUT = 'out.sctrace';
const command =
  (...args: readonly string[]) =>
  (cli: string): readonly string[] => [cli, ...args];

export const ATTEMPTS = {
  record: {
    sources: ['scenario.yaml'],
    output: OUT,
    args: command('record', 'scenario.yaml', '-o', OUT),
  },
  import: { sources: ['ftrace.txt'], output: OUT, args: command('import', 'ftrace.txt', '-o', OUT) },
  // What a person does to finish a recording that was cut off: the source has the name of the work in progress.
  cut: {
    sources: [`${OUT}.part`, `${OUT}.part-wal`],
    output: OUT,
    args: command('export', `${OUT}.part`, '-o', OUT),
  },
  csv: {
    sources: [TRACE],
    output: 'out.csv',
    args: command('export', TRACE, '-o', 'out.csv', '--table', 'event'),
  },
  folder: {
    sources: [TRACE],
    output: 'fleet',
    args: command('export', TRACE, '-o', 'fleet', '--format', 'parquet'),
  },
  upgrade: { sources: ['old.sctrace'], output: OUT, args: command('upgrade', 'old.sctrace', '-o', OUT) },
  note: {
    sources: [TRACE],
    output: null,
    args: (_cli, folder) => [join(import.meta.dirname, 'save-notes.ts'), folder],
  },
} as const satisfies Record<string, Attempt>;

export type Kind = keyof typeof ATTEMPTS;
export const KINDS = Object.keys(ATTEMPTS) as readonly Kind[];

/** Makes all files that attempts read. */
export function makeSources(folder: string): void {
  const at = (name: string): string => join(folder, name);
  const events = { events: 20_000, locks: 2, batchRows: 4096 };
  const writer = new TraceWriter(at(TRACE), TEST_SOURCE);
  for (const batch of new SyntheticTrace(events).batches()) writer.write(batch);
  writer.finish({ incompleteReason: null });
  const cut = new TraceWriter(at('cut.sctrace'), TEST_SOURCE);
  for (const batch of new SyntheticTrace(events).batches()) cut.write(batch);
  cut.commit();
  for (const ending of ['', '-wal']) cpSync(cut.partPath + ending, at(`${OUT}.part${ending}`));
  cut.discard();
  const unpack = (from: string, to: string): void =>
    writeFileSync(at(to), gunzipSync(readFileSync(join(root, from))));
  unpack('test/fixtures/upgrades/schema-2-emulated.sctrace.gz', 'old.sctrace');
  unpack('traces/real-lock-markers.ftrace.txt.gz', 'ftrace.txt');
  const scenario = readFileSync(join(root, 'traces/scenarios/lock-convoy.yaml'), 'utf8');
  writeFileSync(at('scenario.yaml'), scenario.replace(/^duration:.*$/m, 'duration: 300 ms'));
}

/** What was made, in a form in which two whole ones are equal; throws where it is not whole. */
export function contentOf(path: string): unknown {
  if (path.endsWith('.sctrace')) {
    const { events, digest, complete } = checkedTrace(path);
    return { events, digest, complete };
  }
  if (path.endsWith('.csv')) return readFileSync(path, 'latin1');
  return readdirSync(path)
    .sort()
    .map((name) => [name, readFileSync(join(path, name)).length]);
}

/** Opens and verifies a trace. Throws where either fails. */
export function checkedTrace(path: string): { events: number; digest: string; complete: boolean } {
  const trace = TraceDatabase.open(path);
  const { events, digest, complete, closed, incompleteReason } = trace.meta;
  trace.close();
  if (!closed && incompleteReason === null) throw new Error(`${path} does not say that it was cut off`);
  const { difference } = verifyTrace(path);
  if (difference !== null) throw new Error(`${path} is not what was recorded: ${difference}`);
  return { events, digest, complete };
}
