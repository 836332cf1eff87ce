import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectNode } from '../../src-main/bootstrap/paths.mjs';
import { built, expect, startHost, test } from './workbench.ts';

test('a window without the secret of the run says how to get in', async ({ page, host }) => {
  await page.goto(new URL('/', host.url).href);
  await expect(page.getByText(/Open the full address/)).toBeVisible();
});

test('a window with the secret of another run says the same', async ({ page, host }) => {
  await page.goto(host.url.replace(/token=.+/, 'token=' + 'A'.repeat(43)));
  await expect(page.getByText(/Open the full address/)).toBeVisible();
});

test('when the workbench ends, the window says so and keeps what it shows', async ({ page, sampleTrace }) => {
  const host = await startHost(sampleTrace);
  await page.goto(host.url);
  await expect(page).toHaveTitle(/lock-convoy/);
  await host.stop();
  await expect(page.getByText(/The connection to the workbench is lost/)).toBeVisible();
  await expect(page.getByRole('application', { name: /timeline/i })).toBeVisible();
});

test('serve tells a person the address, once', async ({ sampleTrace }) => {
  const child = spawn(projectNode, [built('cli'), 'serve', sampleTrace, '--no-window'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += String(text)));
  await expect.poll(() => printed).toContain('#token=');
  const [url] = /http:\S+/.exec(printed)!;
  expect((await fetch(new URL('/', url))).status).toBe(200);
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(child.exitCode).toBe(0);
  expect(printed.match(/http:/g)).toHaveLength(1);
});

test('serve tells programs its address in one line of JSON', async ({ sampleTrace }) => {
  const child = spawn(projectNode, [built('cli'), 'serve', sampleTrace, '--no-window', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url, port, pid } = JSON.parse(line.toString()) as { url: string; port: number; pid: number };
  expect(url).toContain(`http://127.0.0.1:${port}/#token=`);
  expect(pid).toBe(child.pid);
  expect((await fetch(new URL('/', url))).status).toBe(200);
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(child.exitCode).toBe(0);
});

test('two windows look at one trace, each at its own place', async ({ page, host, context }) => {
  await page.goto(host.url);
  await expect(page).toHaveTitle(/lock-convoy/);
  const other = await context.newPage();
  await other.goto(host.url);
  await expect(other).toHaveTitle(/lock-convoy/);
  await other.keyboard.press('Shift+Escape');
  await expect(other.getByRole('main', { name: 'Start' })).toBeVisible();
  await expect(page).toHaveTitle(/lock-convoy/);
});
