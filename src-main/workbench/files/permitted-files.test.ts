import {
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
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
  await expect(files.check(path)).resolves.toBeNull();
});

it.each([
  '/etc/passwd',
  '/home/me/other.sctrace',
  '/program/traces/../secret',
  '/program/traces/below/x.sctrace',
  '/home/me/recordings/notes.txt',
  '/home/me/recordings/below/x.sctrace',
  '/home/me/named.sctrace/..',
])('%s was not named by the person', async (path) => {
  await expect(files.check(path)).rejects.toMatchObject({ code: 'not-permitted', context: { file: path } });
});

describe('a file that was named', () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'permitted-')));
  afterAll(() => rmSync(base, { recursive: true }));
  const secret = join(base, 'secret');
  const path = join(base, 'named.yaml');
  let permitted: PermittedFiles;
  beforeEach(() => {
    writeFileSync(secret, 'of somebody else');
    rmSync(path, { force: true });
    writeFileSync(path, 'named');
    permitted = new PermittedFiles({
      publicFolders: [],
      traceFolders: [base],
      recentPaths: () => Promise.resolve([join(base, 'recent')]),
    });
  });
  const refused = { code: 'not-permitted' };

  it('is opened once, and may be replaced by another file of that name', async () => {
    permitted.permit(path);
    writeFileSync(`${path}.new`, 'saved again');
    renameSync(`${path}.new`, path);
    const file = await permitted.open(path);
    expect(await file.readFile('utf8')).toBe('saved again');
    await file.close();
  });

  it('is refused where it has become a link', async () => {
    permitted.permit(path);
    unlinkSync(path);
    symlinkSync(secret, path);
    await expect(permitted.open(path)).rejects.toMatchObject(refused);
    await expect(permitted.check(path)).rejects.toMatchObject(refused);
  });

  it('may be a link, to what it led to then', async () => {
    const link = join(base, 'link');
    symlinkSync(path, link);
    permitted.permit(link);
    await (await permitted.open(link)).close();
    unlinkSync(link);
    symlinkSync(secret, link);
    await expect(permitted.open(link)).rejects.toMatchObject(refused);
    unlinkSync(link);
  });

  it('that is swapped while it is opened is let go of', async () => {
    permitted.permit(path);
    const undone: string[] = [];
    const swap = (): Promise<string> => {
      unlinkSync(path);
      symlinkSync(secret, path);
      return Promise.resolve('what was read');
    };
    const undo = (made: string): Promise<void> => Promise.resolve(void undone.push(made));
    await expect(permitted.whileSame(path, swap, undo)).rejects.toMatchObject(refused);
    expect(undone).toEqual(['what was read']);
  });

  it.each(['recent', 'made.sctrace'])('a link in place of %s is refused', async (name) => {
    symlinkSync(secret, join(base, name));
    await expect(permitted.check(join(base, name))).rejects.toMatchObject(refused);
    unlinkSync(join(base, name));
  });

  it('is no device', async () => {
    permitted.permit('/dev/zero');
    await expect(permitted.check('/dev/zero')).rejects.toMatchObject({ code: 'unreadable' });
  });
});
