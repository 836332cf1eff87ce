import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBrowser, hasDisplay } from './find-browser.mjs';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'browsers-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function install(name: string, mode = 0o755): string {
  const file = join(folder, name);
  writeFileSync(file, '');
  chmodSync(file, mode);
  return file;
}
const path = () => ({ PATH: ['/nonexistent', folder].join(delimiter) });

test('a browser on the PATH is found, Chromium before its relatives', () => {
  const chrome = install('google-chrome');
  expect(findBrowser(path(), 'linux')).toBe(chrome);
  const chromium = install('chromium');
  expect(findBrowser(path(), 'linux')).toBe(chromium);
});

test('a file that cannot be run is none, and neither is another browser', () => {
  install('chromium', 0o644);
  install('firefox');
  expect(findBrowser(path(), 'linux')).toBeNull();
  expect(findBrowser({}, 'linux')).toBeNull();
});

test('on Linux a window needs a display server', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'darwin')).toBe(true);
});
