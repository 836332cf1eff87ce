/**
 * The kernel's own counts of what happened to restartable sequences: /sys/kernel/debug/rseq/stats (CONFIG_RSEQ_STATS),
 * read before and after a run. They count the extensions that no line of a trace shows.
 *
 *     sgrant:              939
 *     sexpir:              579
 */
import { basename } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { FileIdentities } from '../../files/file-identity.ts';
import { SourceFile } from '../input/source-file.ts';

/** Name of the format. */
export const RSEQ_STATS = 'rseq-stats';

/** Over the run. An expired extension counts as revoked, too, but where it was also yielded. */
export interface RseqCounts {
  readonly granted: number;
  readonly expired: number;
  readonly revoked: number;
  readonly yielded: number;
  readonly aborted: number;
}

const FIELDS = {
  granted: 'sgrant',
  expired: 'sexpir',
  revoked: 'srevok',
  yielded: 'syield',
  aborted: 'sabort',
} as const satisfies Record<keyof RseqCounts, string>;
const LINE = /^(\w+):\s+(\d{1,18})\s*$/;
const LARGEST_BYTES = 65_536;

/** Whether a text is of rseq/stats. */
export const isRseqStats = (lines: readonly string[]): boolean =>
  lines.length > 0 &&
  lines.length < 64 &&
  lines.some((line) => /^sgrant:\s+\d+/.test(line)) &&
  lines.every((line) => line === '' || LINE.test(line));

/**
 * The counts of a run from two copies of the file, in either order: the counters only grow.
 *
 * @param identities which files the names have to lead to
 * @throws WorkbenchError 'not-found', 'unreadable'; 'import-failed' where one is no such file, or they are of two boots
 */
export async function readRseqCounts(
  one: string,
  other: string,
  identities?: FileIdentities,
): Promise<RseqCounts> {
  const [a, b] = [await readStats(one, identities), await readStats(other, identities)];
  const difference = (from: RseqCounts, to: RseqCounts): RseqCounts => ({
    granted: to.granted - from.granted,
    expired: to.expired - from.expired,
    revoked: to.revoked - from.revoked,
    yielded: to.yielded - from.yielded,
    aborted: to.aborted - from.aborted,
  });
  for (const counts of [difference(a, b), difference(b, a)]) {
    if (Object.values(counts).every((count) => count >= 0)) return counts;
  }
  throw new WorkbenchError(
    'import-failed',
    `${basename(one)} and ${basename(other)} are not of one boot: of some counters the one has more, of others the other.`,
    { file: other },
  );
}

async function readStats(path: string, identities: FileIdentities | undefined): Promise<RseqCounts> {
  const values = new Map<string, number>();
  const source = await SourceFile.open(path, identities);
  try {
    const { lines, whole } = await source.beginning(LARGEST_BYTES);
    for (const line of whole ? lines : []) {
      const match = LINE.exec(line);
      if (match !== null) values.set(match[1]!, Number(match[2]));
    }
  } finally {
    await source.close();
  }
  const missing = Object.values(FIELDS).filter((field) => !values.has(field));
  if (missing.length > 0) {
    throw new WorkbenchError(
      'import-failed',
      `${basename(path)} has no counter ${missing.join(', ')}: it is not a copy of /sys/kernel/debug/rseq/stats of a kernel with the time slice extension.`,
      { file: path },
    );
  }
  const of = (field: string): number => values.get(field)!;
  return {
    granted: of(FIELDS.granted),
    expired: of(FIELDS.expired),
    revoked: of(FIELDS.revoked),
    yielded: of(FIELDS.yielded),
    aborted: of(FIELDS.aborted),
  };
}
