import { expect, it } from 'vitest';
import { PermittedFiles } from './permitted-files.ts';

const files = new PermittedFiles({
  publicFolders: ['/program/traces'],
  traceFolders: ['/home/me/recordings'],
  recentPaths: () => Promise.resolve(['/home/me/old.sctrace']),
});
files.permit('/home/me/named.sctrace');

it.each([
  '/home/me/named.sctrace',
  '/home/me/../me/named.sctrace',
  '/home/me/old.sctrace',
  '/program/traces/real.ftrace.txt.gz',
  '/home/me/recordings/convoy.sctrace',
  '/home/me/recordings/cut-off.sctrace.part',
])('%s may be read', async (path) => {
  await expect(files.check(path)).resolves.toBeUndefined();
});

it.each([
  '/etc/passwd',
  '/home/me/other.sctrace',
  '/program/traces/../secret',
  '/program/traces/below/x.sctrace',
  '/home/me/recordings/notes.txt',
  '/home/me/recordings/below/x.sctrace',
  '/home/me/named.sctrace/..',
])('%s was named by nobody', async (path) => {
  await expect(files.check(path)).rejects.toMatchObject({ code: 'not-permitted', context: { file: path } });
});
