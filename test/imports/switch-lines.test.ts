/**
 * Every run that the switch lines of a capture show is in the trace made of it, to the nanosecond.
 *
 * The captures of this repository, and those of a folder of one's own:
 *
 *     SCHEDCTL_CAPTURES=DIR npm test -- unit test/imports/switch-lines
 */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importPath, type Collected } from '#main/importers/collect-rows.ts';
import { runsOfSwitchLines, textOf, type Run } from './switch-lines.ts';

const root = new URL('../../', import.meta.url).pathname;
const ownFolder = process.env['SCHEDCTL_CAPTURES'];
const TEXT = /\.(?:txt|log|ftrace|trace)(?:\.gz)?$/;

const keyOf = ({ cpu, tid, startNs, endNs }: Run): string =>
  `CPU ${cpu}, thread ${tid}, ${startNs} to ${endNs} ns`;

/** The runs of a trace, by what its CPUs run. */
function runsOf(trace: Collected): Map<string, number> {
  const counts = new Map<string, number>();
  const on = new Map<number, { lwp: number; sinceNs: number }>();
  for (const { kind, cpu, lwp, to, timeNs } of trace.rows) {
    if (kind !== 'cpu_dispthread') continue;
    const before = on.get(cpu);
    if (before !== undefined) {
      const tid = trace.lwps[before.lwp]!.lwpNumber;
      const key = keyOf({ cpu, tid, startNs: before.sinceNs, endNs: timeNs });
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    if (to === 'idle') on.delete(cpu);
    else on.set(cpu, { lwp, sinceNs: timeNs });
  }
  return counts;
}

/** Null where the file is no capture with switch lines. */
async function compare(path: string): Promise<{ told: string; missing: string[]; found: number } | null> {
  const text = await textOf(path);
  if (!text.includes('sched_switch: ')) return null;
  let trace: Collected;
  try {
    trace = await importPath(path);
  } catch {
    return null;
  }
  // Times of day are in a form that is not known here.
  if (!/^\d+(?:\.\d+)?$/.test(trace.report.origin ?? '')) return null;
  const { runs, switches, brokenChains, unread } = runsOfSwitchLines(text, trace.report.origin!);
  if (switches === 0) return null;
  const have = runsOf(trace);
  const missing: string[] = [];
  for (const run of runs) {
    const key = keyOf(run);
    const count = have.get(key) ?? 0;
    if (count === 0) missing.push(key);
    have.set(key, count - 1);
  }
  const found = runs.length - missing.length;
  return {
    told: `${switches} switches, ${unread} unread, ${brokenChains} chains broken: ${found} of ${runs.length} runs`,
    missing,
    found,
  };
}

async function capturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && TEXT.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Made by hand to have stamps that are not to be believed: src-main/importers/dialects-and-clocks.test.ts has what is
 * right.
 */
const MADE_BY_HAND = join(root, 'test/fixtures/faults/');

const own = [
  ...(await capturesIn(join(root, 'test/fixtures'))),
  ...(await capturesIn(join(root, 'traces'))),
].filter((path) => !path.startsWith(MADE_BY_HAND));

describe('the captures of the repository', () => {
  it('have every run of their switch lines', async () => {
    let files = 0;
    let found = 0;
    for (const path of own) {
      const result = await compare(path);
      if (result === null) continue;
      files++;
      found += result.found;
      expect(result.missing, `${relative(root, path)}: ${result.told}`).toEqual([]);
    }
    expect(files).toBeGreaterThanOrEqual(15);
    expect(found).toBeGreaterThan(25_000);
  }, 120_000);

  it('have them where the kernel traces after the switch line under the old name', async () => {
    const result = await compare(join(root, 'test/fixtures/ftrace/tlb-and-fpu.txt.gz'));
    expect(result).toMatchObject({
      told: '7982 switches, 0 unread, 12 chains broken: 7968 of 7968 runs',
      missing: [],
    });
  });

  it('have no thread that came back from the dead there', async () => {
    const { report } = await importPath(join(root, 'test/fixtures/ftrace/tlb-and-fpu.txt.gz'));
    expect(report.repairs.map(({ kind }) => kind)).not.toContain('tid_reused');
  });
});

describe.runIf(ownFolder !== undefined)('the captures of SCHEDCTL_CAPTURES', async () => {
  const files = ownFolder === undefined ? [] : await capturesIn(ownFolder);
  it.each(files)(
    '%s',
    async (path) => {
      const result = await compare(path);
      if (result === null) return;
      console.log(`${path}: ${result.told}`);
      expect(result.missing, result.told).toEqual([]);
    },
    300_000,
  );
});
