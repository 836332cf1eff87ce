/** Names in a trace and of files are untrusted: no command lets one of them act on a terminal or forge a line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { terminalLines } from '#main/bootstrap/terminal-text.mjs';
import { createBatch } from '#shared/model/transition-batch.ts';
import { KIND } from '#shared/model/kinds.ts';
import { TEST_SOURCE } from '#main/store/testing/test-source.ts';
import { TraceWriter } from '#main/store/write/trace-writer.ts';
import { runHere } from './testing/run-here.ts';

const HOSTILE = 'a\u001b[2Jb\u0007c\u009bd\u0000e\r\nevents      7\u202efdp.exe\u2066\u2028';
const folder = mkdtempSync(join(tmpdir(), 'names-'));
const trace = join(folder, 'names.sctrace');
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  const writer = new TraceWriter(trace, { ...TEST_SOURCE, sourceDetail: HOSTILE, warnings: [HOSTILE] });
  const batch = createBatch(1);
  batch.definitions.push(
    { table: 'cpu', id: 0, name: HOSTILE },
    { table: 'process', id: 0, pid: 1, name: HOSTILE },
    { table: 'lwp', id: 0, process: 0, lwpNumber: 1, name: HOSTILE },
    { table: 'sync', id: 0, process: 0, kind: 1, name: HOSTILE },
  );
  batch.columns.kind[0] = KIND.lwp_alive;
  batch.columns.newValue[0] = 1;
  batch.columns.cpu[0] = -1;
  batch.length = 1;
  writer.write(batch);
  writer.finish({ incompleteReason: HOSTILE });
  writeFileSync(join(folder, 'bad.yaml'), `${JSON.stringify(HOSTILE)}: 1\n`);
});

describe.each([
  ['info', [trace]],
  ['info', [trace, '--json']],
  ['state', [trace, '--at', '1ms']],
  ['state', [trace, '--at', '1ms', '--json']],
  ['query', [trace, 'SELECT name FROM lwp UNION ALL SELECT name FROM process']],
  ['query', [trace, 'SELECT name FROM sync', '--json']],
  ['query', [trace, `SELECT 1 AS "${HOSTILE.replace('\u0000', '')}"`]],
  ['query', [trace, `SELECT "no\u001bsuch`]],
  ['verify', [trace]],
  ['info', [join(folder, HOSTILE.replace('\u0000', ''))]],
  ['record', [join(folder, 'bad.yaml'), '-o', join(folder, 'x.sctrace')]],
  ['import', [trace, '-o', join(folder, `${HOSTILE.replace('\u0000', '')}.sctrace`)]],
  ['export', [trace, '-o', join(folder, 'x\u001b\n.odt')]],
  ['export', [trace, '-o', join(folder, 'x\u001b\u202e\n.csv'), '--table', 'lwp', '--force']],
  ['state', [trace, '--at', 'x\u001b\u009b']],
  ['\u001b[2Jrecord', []],
])('%j %j', (command, args) => {
  it('writes nothing that acts on a terminal', async () => {
    const { stdout, stderr } = await runHere(command, ...args);
    expect(stdout + stderr).toBe(terminalLines(stdout + stderr));
    expect(stdout + stderr).not.toBe('');
    expect(stdout.split('\n').filter((line) => line.startsWith('events      7'))).toEqual([]);
  });
});

it('CSV for a program has the names as they are', async () => {
  const { stdout } = await runHere('query', trace, 'SELECT name FROM lwp', '--format', 'csv');
  expect(stdout).toContain(HOSTILE);
});
