/** Packing the app, with a made-up Electron: what is in the package, not whether Electron runs it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { listPackage } from '@electron/asar';
import { expect, test } from '@playwright/test';

const root = resolve(import.meta.dirname, '../..');
/** In Electron's binary this stands before its fuses: version, how many, and a character for each. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = 9;

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-package-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pack = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'src-main/bootstrap/run.cjs'), 'package', '--dir', ...args], {
    encoding: 'utf8',
    cwd: root,
  });

test.describe('a package made with a made-up Electron', () => {
  test.skip(process.platform !== 'linux', 'the made-up Electron is one for Linux');

  test('a folder without Electron is named, with what it lacks', () => {
    const { status, stderr } = pack('--electron-dist', folder);
    expect(status).toBe(1);
    expect(stderr).toContain(`${folder} has no electron: give the folder in which Electron is unpacked.`);
  });

  test('has what the app needs, nothing else, and its fuses are set', () => {
    const electron = join(folder, 'electron-dist');
    const release = join(folder, 'release');
    mkdirSync(join(electron, 'resources'), { recursive: true });
    const fuses = Buffer.concat([Buffer.from(SENTINEL), Buffer.of(1, FUSES), Buffer.from('1'.repeat(FUSES))]);
    writeFileSync(
      join(electron, 'electron'),
      Buffer.concat([Buffer.from('made-up'), fuses, Buffer.from('.')]),
    );
    chmodSync(join(electron, 'electron'), 0o755);
    const { status, stdout, stderr } = pack('--electron-dist', electron, '--output', release);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/\d\.\d MB {2}.*app\.asar\n/);

    const app = join(release, 'linux-unpacked');
    const binary = readFileSync(join(app, 'schedctl-workbench'), 'latin1');
    // RunAsNode, cookie encryption, NODE_OPTIONS, --inspect, ASAR integrity, only from ASAR, V8 snapshot, file:
    // privileges
    expect(binary.slice(binary.indexOf(SENTINEL) + SENTINEL.length + 2).slice(0, 8)).toBe('01001100');

    const files = listPackage(join(app, 'resources/app.asar'), { isPack: false });
    for (const needed of [
      '/package.json',
      '/dist/main/electron.js',
      '/dist/preload/preload.cjs',
      '/dist/renderer/index.html',
      '/traces/scenarios/lock-convoy.yaml',
    ]) {
      expect(files).toContain(needed);
    }
    expect(files.filter((file) => file.endsWith('.node'))).toEqual([
      `/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
    ]);
    const unwanted =
      /\.(map|d\.ts|[ch]pp|vue|gypi?|test\.ts)$|^\/(src-|test\/|packaging)|^\/node_modules\/(vue|echarts|electron)\//;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
  });
});
