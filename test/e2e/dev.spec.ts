/** `npm run dev`: the window from its sources, and a host that starts again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { projectNode } from '../../src-main/bootstrap/paths.mjs';
import { expect, inHomeOfItsOwn, keepLog, printedUrl, root, test } from './workbench.ts';

/** What an editor's saving looks like to a watcher; the file's time is put back afterwards. */
async function saved(name: string, seen: () => Promise<void>): Promise<void> {
  const file = join(root, name);
  const { atime, mtime } = statSync(file);
  utimesSync(file, new Date(), new Date());
  try {
    await seen();
  } finally {
    utimesSync(file, atime, mtime);
  }
}

const isReady = (page: Page): Promise<void> =>
  expect(page.getByRole('button', { name: 'Record', exact: true }).first()).toBeEnabled();

test('a change of the window is shown without loading it anew; one behind it starts the host again', async ({
  page,
}) => {
  const home = inHomeOfItsOwn();
  const server = spawn(projectNode, [join(root, 'src-main/hosts/dev/main.ts'), '--no-window'], {
    env: home.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  keepLog(server);
  try {
    const complaints: string[] = [];
    const updates: string[] = [];
    let loads = 0;
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
      if (message.text().includes('hot updated')) updates.push(message.text());
    });
    page.on('load', () => loads++);
    const url = await printedUrl(server);
    await page.goto(url);
    await isReady(page);
    await saved('src-renderer/theme/tokens.css', () =>
      expect.poll(() => updates.join()).toContain('/theme/tokens.css'),
    );
    expect(loads).toBe(1);
    // Nothing that the built window forbids is needed, and other sites get nothing.
    expect(complaints).toEqual([]);
    const foreign: Record<string, string>[] = [{ 'Sec-Fetch-Site': 'cross-site' }, { Host: 'evil.example' }];
    for (const headers of foreign) {
      expect((await page.request.get(new URL(url).origin, { headers })).status()).toBe(403);
    }
    expect((await page.request.get(`${new URL(url).origin}/@fs${join(root, 'package.json')}`)).status()).toBe(
      403,
    );

    await saved('src-main/workbench/service.ts', () => expect.poll(() => loads).toBe(2));
    await isReady(page);
  } finally {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
    home.remove();
  }
});
