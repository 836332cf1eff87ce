/** A source is the file that its name led to when it was named. */
import { mkdtempSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { identityOf } from '../../files/file-identity.ts';
import { importPath } from '../collect-rows.ts';

const base = mkdtempSync(join(tmpdir(), 'swapped-source-'));
afterAll(() => rmSync(base, { recursive: true }));

const LINES = [1, 2, 1].map((from, at) => {
  const to = 3 - from;
  return `  a-${from} [000] d..2. 1.00000${at}: sched_switch: prev_comm=a prev_pid=${from} prev_prio=120 prev_state=S ==> next_comm=a next_pid=${to} next_prio=120\n`;
});
const LOG = 'tid,want_ns,acq_ns,rel_ns\n1,1000000000,1000000000,1000000001\n';

function given(name: string, text: string): string {
  const path = join(base, name);
  writeFileSync(path, text);
  return path;
}

const identitiesOf = (...paths: readonly string[]): Record<string, string> =>
  Object.fromEntries(paths.map((path) => [path, identityOf(statSync(path))]));

function swap(path: string): void {
  const other = given('other', `# tracer: nop\n${LINES.join('')}`);
  unlinkSync(path);
  symlinkSync(other, path);
}

it('is imported while its name leads to it', async () => {
  const path = given('same', `# tracer: nop\n${LINES.join('')}`);
  const { report } = await importPath(path, { identities: identitiesOf(path) });
  expect(report.events).toBe(3);
});

it.each(['trace', 'locks'] as const)(
  'is refused when its name leads elsewhere by then: the %s',
  async (which) => {
    const trace = given('trace', `# tracer: nop\n${LINES.join('')}`);
    const locks = given('locks', LOG);
    const identities = identitiesOf(trace, locks);
    swap(which === 'trace' ? trace : locks);
    await expect(importPath(trace, { locks, identities })).rejects.toMatchObject({ code: 'not-permitted' });
  },
);

it.each(['locks', 'kallsyms'] as const)('a device without an end is no source: %s', async (beside) => {
  const trace = given('trace', `# tracer: nop\n${LINES.join('')}`);
  const refused = {
    code: 'unreadable',
    message: '/dev/zero is a device, not a file: name a file or a pipe.',
  };
  await expect(importPath(trace, { [beside]: '/dev/zero' })).rejects.toMatchObject(refused);
  await expect(importPath(trace, { rseqStats: ['/dev/zero', '/dev/zero'] })).rejects.toMatchObject(refused);
  await expect(importPath('/dev/zero')).rejects.toMatchObject(refused);
});
