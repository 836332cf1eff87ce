import { expect, test, vi } from 'vitest';

// The module under test asks Electron for events only; its parser of command lines needs none of it.
vi.mock('electron', () => ({ app: {} }));
const { filesOnCommandLine } = await import('./files-to-open.ts');

test('the files of a packaged app follow its name; switches are not files', () => {
  const argv = ['/opt/workbench', '--no-sandbox', 'a.sctrace', '/tmp/b.sctrace'];
  expect(filesOnCommandLine(argv, '/home/x', true)).toEqual(['/home/x/a.sctrace', '/tmp/b.sctrace']);
});

test('from a checkout the first argument is the app itself', () => {
  const argv = ['/x/electron', '--no-sandbox', '.', 'a.sctrace'];
  expect(filesOnCommandLine(argv, '/home/x', false)).toEqual(['/home/x/a.sctrace']);
  expect(filesOnCommandLine(argv.slice(0, 3), '/home/x', false)).toEqual([]);
});
