/**
 * What the end-to-end tests share: the sample trace, a running host, and a page on it that fails the test
 * for anything that a person would find in the console.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { test as base, expect, type Page, type TestInfo } from '@playwright/test';
import { projectNode } from '../../src-main/bootstrap/paths.mjs';

export const root = resolve(import.meta.dirname, '../..');
export const built = (name: string) => join(root, 'dist/main', `${name}.js`);

/** Runs the built command line and answers with what it printed. */
export function workbench(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(projectNode, [built('cli'), ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`schedctl-workbench ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return stdout;
}

/** A home and an environment for a program that is to leave nothing in the person's folders. */
export function inHomeOfItsOwn() {
  const home = mkdtempSync(join(tmpdir(), 'workbench-e2e-'));
  const env: NodeJS.ProcessEnv = { ...process.env, WORKBENCH_DEBUG: '*', HOME: home };
  for (const name of Object.keys(env)) if (name.startsWith('XDG_')) delete env[name];
  return { home, env, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** What the hosts of this worker have printed, for the folder of a test that fails. */
const logs: string[] = [];

/** Keeps what a program prints; the log of a test that fails has all of it. */
export function keepLog(child: ChildProcess): void {
  const index = logs.push('') - 1;
  const keep = (chunk: Buffer): void => void (logs[index] += chunk.toString());
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
}

/** Each test, whatever else it uses: where it fails, the logs of its hosts lie with its picture and its trace. */
export const hostLogs = async (
  {}: object,
  use: (value: undefined) => Promise<void>,
  testInfo: TestInfo,
): Promise<void> => {
  await use(undefined);
  if (testInfo.status === testInfo.expectedStatus) return;
  for (const [index, log] of logs.entries()) {
    if (log === '') continue;
    const name = `host-${index}.log`;
    // Not testInfo.attach(), which makes a copy elsewhere.
    testInfo.attachments.push({ name, path: written(testInfo, name, log), contentType: 'text/plain' });
  }
};

function written(testInfo: TestInfo, name: string, log: string): string {
  const file = testInfo.outputPath(name);
  // The token of a host that is still there is nobody else's business.
  writeFileSync(file, log.replace(/(#(?:token|ticket)=)[\w-]+/g, '$1...'));
  return file;
}

export interface RunningHost {
  /** With the token: works as often as wanted. */
  readonly url: string;
  /** Windows that open from now on look as on the first start. */
  forgetSettings(): void;
  stop(): Promise<void>;
}

/** Starts the built loopback host in a process of its own, which leaves nothing in the person's folders. */
export async function startHost(...args: string[]): Promise<RunningHost> {
  const { home, env, remove } = inHomeOfItsOwn();
  const child = spawn(projectNode, [built('loopback'), '--no-window', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  // A test that fails does not get to stopping its host, which may be recording: it ends with the tests' process.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  keepLog(child);
  const url = await printedUrl(child);
  return {
    url,
    forgetSettings() {
      for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' })) {
        if (basename(name) === 'settings.json') rmSync(join(home, name), { force: true });
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      process.off('exit', kill);
      remove();
    },
  };
}

/** The address that a host prints, with its token. */
export function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+(?=\s)/.exec(text)?.[0];
      if (url !== undefined) found(url);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('exit', (code) => failed(new Error(`the host ended with ${code}:\n${text}`)));
  });
}

interface WorkerFixtures {
  /** Path of a trace recorded from traces/scenarios/lock-convoy.yaml. */
  readonly sampleTrace: string;
  /** A host that was started with the sample. */
  readonly host: RunningHost;
}

interface TestFixtures {
  readonly hostLogs: undefined;
  /** A page on the host, with the sample open. */
  readonly window: Page;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  hostLogs: [hostLogs, { auto: true }],

  sampleTrace: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'workbench-e2e-traces-'));
      const trace = join(folder, 'lock-convoy.sctrace');
      workbench('record', join(root, 'traces/scenarios/lock-convoy.yaml'), '-o', trace);
      await use(trace);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  host: [
    async ({ sampleTrace }, use) => {
      const host = await startHost(sampleTrace);
      await use(host);
      await host.stop();
    },
    { scope: 'worker' },
  ],

  window: async ({ page, host }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
    });
    host.forgetSettings();
    await page.goto(host.url);
    // Ready: the trace is open, and the cursor stands on the row that it opens on. A key pressed before is lost.
    await expect(page.getByTestId('position')).toContainText(/row [1-9]/);
    await use(page);
    expect(complaints, 'errors and refusals of the content security policy in the console').toEqual([]);
  },
});

export { expect };

/** Moves the cursor to a time, and chooses the thread of that name. */
export async function goToThread(page: Page, name: string, timeNs: number): Promise<void> {
  await page.getByTestId('clock').click();
  const time = page.getByRole('textbox', { name: 'Time of the cursor' });
  await time.fill(`${timeNs} ns`);
  await time.press('Enter');
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  await page
    .getByRole('listbox', { name: 'Found' })
    .getByRole('option')
    .filter({ hasText: name })
    .first()
    .click();
  await expect(
    page.getByRole('complementary', { name: 'Inspector' }).getByRole('heading', { level: 2 }),
  ).toHaveText(name);
}
