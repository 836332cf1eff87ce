import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../store/testing/temporary-folder.ts';
import { debugLine, debugLog, listedRooms } from './debug-log.ts';

const file = temporaryFolder();

const SCENARIO = `cpus: 1
duration: 50 ms
processes:
  - name: one
    lwps:
      - name: worker
        program:
          - loop: forever
            steps: [{ compute: 1 ms }, { sleep: 1 ms }]
`;

test('the variable lists rooms, or all of them', () => {
  expect([...listedRooms('recorder, store')]).toEqual(['recorder', 'store']);
  expect([...listedRooms('*')]).toEqual(['recorder', 'store', 'importers', 'service', 'hosts']);
  expect([...listedRooms('sqlite')]).toEqual([]);
  expect([...listedRooms(undefined)]).toEqual([]);
});

test('a line tells when, where, what and with what', () => {
  const facts = { path: '/tmp/a b.sctrace', events: 12, final: true, reason: undefined };
  expect(debugLine('store', 'finished', facts, 1234.5678)).toBe(
    '1.235 store     finished path="/tmp/a b.sctrace" events=12 final=true',
  );
});

test('a name of a file does not act on the terminal', () => {
  expect(debugLine('hosts', 'opens', { path: '\u001b[2J\u009b1m\nstore forged' }, 0)).toBe(
    String.raw`0.000 hosts     opens path="\u001b[2J\x9b1m\nstore forged"`,
  );
});

test('a room that is not listed makes no facts', () => {
  debugLog('store', 'recorder')('commit', () => {
    throw new Error('made for nobody');
  });
});

test('a recording tells its steps, of all its threads, on stderr alone', () => {
  writeFileSync(file('small.yaml'), SCENARIO);
  const cli = join(import.meta.dirname, '../hosts/cli/main.ts');
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [cli, 'record', file('small.yaml'), '-o', file('small.sctrace'), '--json'],
    { encoding: 'utf8', env: { ...process.env, WORKBENCH_DEBUG: 'recorder,store' } },
  );
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ complete: true });
  expect(stderr).toMatch(/^[\d.]+ recorder {2}begins .*producer="scenario"/m);
  expect(stderr).toMatch(/^[\d.]+ store {5}begins file \[thread \d+\] path=".*small\.sctrace\.part"/m);
  expect(stderr).toMatch(/^[\d.]+ store {5}finished file .*events=\d+/m);
  expect(stderr).toMatch(/^[\d.]+ recorder {2}ended .*complete=true/m);
  expect(stderr).not.toMatch(/ service /);
});
