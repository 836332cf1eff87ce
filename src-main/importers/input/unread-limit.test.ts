import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { importTrace } from '../import-trace.ts';
import { UnreadLimit } from './unread-limit.ts';

const folder = mkdtempSync(join(tmpdir(), 'unread-'));
afterAll(() => rmSync(folder, { recursive: true }));

const discard = {
  write: (batch: { length: number }) => {
    batch.length = 0;
    return Promise.resolve(batch as never);
  },
};

it('lets a file go on as long as events come', () => {
  let events = 0;
  const limit = new UnreadLimit('a.txt', () => events, 1000);
  for (let at = 0; at < 100; at++) {
    limit.read(600, at);
    events++;
  }
  expect(() => {
    for (let at = 100; at < 104; at++) limit.read(600, at);
  }).toThrow('a.txt has no event in more than 0 MB of text, from line 102 on');
});

const SWITCH =
  '          <idle>-0       [000] d..2. 1.000007: sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 ' +
  'prev_state=R ==> next_comm=w next_pid=7 next_prio=120\n';

/** Sixteen megabytes of line feeds for a few kilobytes: members of a gzip file may stand one after the other. */
const FEEDS = gzipSync(Buffer.alloc(16 << 20, '\n'));

it('ends an import where an event is followed by nothing but line feeds', async () => {
  const path = join(folder, 'tail.gz');
  const members = Array<Buffer>(33).fill(FEEDS);
  writeFileSync(path, Buffer.concat([gzipSync(`# tracer: nop\n#\n${SWITCH}`), ...members]));
  await expect(importTrace(path, discard)).rejects.toThrow(
    /^tail\.gz has no event in more than 256 MB of text, from line \d+ on/,
  );
});

it('says that line feeds alone are no trace', async () => {
  const path = join(folder, 'feeds.gz');
  writeFileSync(path, Buffer.concat([FEEDS, FEEDS, FEEDS]));
  await expect(importTrace(path, discard)).rejects.toThrow(/no line that can be read as a trace/);
});
