/** The workbench in a window of its own, where the machine has a Chromium-like browser. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserSwitches, findBrowser, hasDisplay } from '../../bootstrap/find-browser.mjs';

export interface AppWindow {
  /**
   * Settles when the window is gone: true where the person closed it (a reload does not), false where the
   * browser could not start or crashed.
   */
  readonly closed: Promise<boolean>;
  close(): void;
  /** Ends the browser at once, without waiting for it to put its profile in order, and removes that. */
  kill(): void;
}

/** Path of the browser for {@link openAppWindow}; null where there is no browser or no display. */
export const appWindowBrowser = (): string | null => (hasDisplay() ? findBrowser() : null);

/**
 * Opens `url` without tabs and address bar, in a temporary profile, so that the person's own browser
 * sessions, extensions and history are not touched. The profile is removed with the window.
 *
 * Command lines can be read by other users of the machine: `url` must be worth nothing to them.
 */
export async function openAppWindow(browser: string, url: string): Promise<AppWindow> {
  const profile = await mkdtemp(join(tmpdir(), 'schedctl-workbench-window-'));
  const child = spawn(
    browser,
    [
      `--app=${url}`,
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--no-default-browser-check',
      '--window-size=1440,900',
      '--class=schedctl-workbench',
      ...browserSwitches(),
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<boolean>((resolve) => {
    child.once('exit', (code) => resolve(code === 0));
    child.once('error', () => resolve(false));
  });
  const removeProfile = () => rm(profile, { recursive: true, force: true, maxRetries: 3 });
  return {
    closed: ended.finally(removeProfile),
    close: () => void child.kill(),
    kill() {
      child.kill('SIGKILL');
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
