/** Every sample that comes with the program becomes a trace that replays to what was recorded. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { importFile, recordScenario } from '#main/workbench/make-trace.ts';
import { temporaryFolder } from '#main/store/testing/temporary-folder.ts';
import { verifyTrace } from '#main/store/verify/verify.ts';

const TRACES = join(import.meta.dirname, '../../traces');
const file = temporaryFolder();
// Whole recordings of some seconds each, which a busy machine draws out.
vi.setConfig({ testTimeout: 180_000 });

describe('scenarios', () => {
  const names = readdirSync(join(TRACES, 'scenarios')).filter((name) => name.endsWith('.yaml'));

  test('there are some', () => expect(names).not.toEqual([]));

  test.each(names)('%s records whole, and verifies', async (name) => {
    const text = readFileSync(join(TRACES, 'scenarios', name), 'utf8');
    const made = await recordScenario({ text, name, path: file(`${name}.sctrace`) }, {});
    expect(made).toMatchObject({ complete: true, error: null });
    expect(verifyTrace(made.path)).toMatchObject({ ok: true, difference: null, events: made.events });
  });
});

describe('traces of other tools', () => {
  const names = readdirSync(TRACES).filter((name) => name.endsWith('.txt.gz'));

  test('there is one', () => expect(names).not.toEqual([]));

  test.each(names)('%s is imported whole, and verifies', async (name) => {
    const made = await importFile({ source: join(TRACES, name), path: file(`${name}.sctrace`) }, {});
    expect(made).toMatchObject({ complete: true, error: null });
    expect(made.report!.skipped).toEqual([]);
    expect(verifyTrace(made.path)).toMatchObject({ ok: true, difference: null, events: made.events });
  });
});
