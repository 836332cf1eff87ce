/** The built desktop app: its windows, its menu, its files, its end. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { COMMAND_IDS } from '../../src-shared/api/commands.ts';
import { workbench } from '../e2e/workbench.ts';
import {
  appArguments,
  browserWindow,
  ELECTRON,
  endApp,
  expect,
  RUNS_ON,
  startApp,
  test,
} from './desktop-app.ts';

const LONG_SCENARIO = `cpus: 4
duration: 1000 s
processes:
  - name: app
    lwps:
      - { name: worker, count: 8, program: [{ loop: forever, steps: [{ compute: 50us }, yield] }] }
`;

const clickMenu = (app: ElectronApplication, id: string) =>
  app.evaluate(({ Menu }, item) => {
    const { click } = Menu.getApplicationMenu()!.getMenuItemById(item)!;
    (click as () => void)();
  }, id);

const isEnabled = (app: ElectronApplication, id: string) =>
  app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.enabled, id);

/** Answers message boxes with the button of this index, and keeps what they asked. */
const answerQuestions = (app: ElectronApplication, response: number) =>
  app.evaluate(({ dialog }, answer) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = ((...args: { message?: string }[]) => {
      asked.push(args.at(-1)!.message!);
      return Promise.resolve({ response: answer, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  }, response);
const questions = (app: ElectronApplication) =>
  app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);

test.describe(`the desktop app on ${RUNS_ON}`, () => {
  test('opens on the trace that its command line names', async ({ window }) => {
    await expect(window).toHaveTitle(/lock-convoy/);
    await expect(window.getByRole('application', { name: /timeline/i })).toBeVisible();
  });

  test('gives pages nothing but the bridge: no Node, no IPC, no code from strings, no way out', async ({
    desktop,
    window,
  }) => {
    await expect(window).toHaveTitle(/lock-convoy/);
    const found = await window.evaluate(() => ({
      globals: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis),
      bridge: Object.keys((globalThis as unknown as { schedctlWorkbench: object }).schedctlWorkbench),
      isSecure: isSecureContext,
    }));
    expect(found).toEqual({ globals: [], bridge: ['pipe', 'pathOfFile'], isSecure: true });
    const here = window.url();
    await window.evaluate(() => void setTimeout(() => (location.href = 'https://example.com/')));
    await window.waitForTimeout(500);
    // With an opener the new page would share this one's process, and stop it while Playwright attaches.
    await window.evaluate(() => void setTimeout(() => open('https://example.com/', '_blank', 'noopener')));
    await window.waitForTimeout(500);
    expect(window.url()).toBe(here);
    expect(desktop.app.windows()).toHaveLength(1);
    await expect(window).toHaveTitle(/lock-convoy/);
  });

  test('has every command of the palette in its menu, which runs them in the window', async ({
    desktop: { app },
    window,
  }) => {
    await expect(window).toHaveTitle(/lock-convoy/);
    for (const id of COMMAND_IDS) expect(await isEnabled(app, id), id).toBe(true);
    await clickMenu(app, 'window.keys');
    await expect(window.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await window.keyboard.press('Escape');
    await clickMenu(app, 'file.close');
    await expect(window.getByRole('main', { name: 'Start' })).toBeVisible();
    await expect.poll(() => isEnabled(app, 'replay.toggle')).toBe(false);
  });

  test('opens what the dialog names, and what nobody named it does not', async ({
    desktop: { app },
    window,
    home,
  }) => {
    await expect(window).toHaveTitle(/lock-convoy/);
    const scenario = join(home, 'mine.yaml');
    writeFileSync(scenario, LONG_SCENARIO);
    const refused = await window.evaluate(
      (path) =>
        new Promise((resolve) => {
          interface Pipe {
            send(message: object): void;
            onMessage(listener: (message: { id?: number; error?: { code: string } }) => void): void;
          }
          const { pipe } = (globalThis as unknown as { schedctlWorkbench: { pipe: Pipe } }).schedctlWorkbench;
          pipe.onMessage(({ id, error }) => id === 9999 && resolve(error?.code));
          pipe.send({ type: 'request', id: 9999, name: 'scenario.read', params: { id: path } });
        }),
      scenario,
    );
    expect(refused).toBe('not-permitted');
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, scenario);
    await clickMenu(app, 'file.open');
    await expect(window.getByRole('dialog', { name: /record/i })).toBeVisible();
  });

  test('has one window for each trace, and hands a second start its file to the first', async ({
    desktop: { app, env },
    window,
    home,
    sampleTrace,
  }) => {
    await expect(window).toHaveTitle(/lock-convoy/);
    const other = join(home, 'other.sctrace');
    workbench('export', sampleTrace, '-o', other, '--to', '50ms');
    const opened = app.waitForEvent('window');
    await app.evaluate(({ app: electronApp }, path) => {
      electronApp.emit('open-file', { preventDefault: () => undefined }, path);
    }, other);
    const second = await opened;
    await expect(second).toHaveTitle(/other/);
    await expect(window).toHaveTitle(/lock-convoy/);

    // A trace that is open is shown, not opened again; the second start ends at once.
    const start = () =>
      spawnSync(ELECTRON, ['--no-sandbox', ...appArguments(sampleTrace)], { env, timeout: 60_000 });
    expect(start().status).toBe(0);
    await expect
      .poll(async () => (await browserWindow(app, window)).evaluate((shown) => shown.isFocused()))
      .toBe(true);
    expect(app.windows()).toHaveLength(2);

    // A window on its start page takes the file.
    await clickMenu(app, 'file.close');
    await expect(window.getByRole('main', { name: 'Start' })).toBeVisible();
    expect(start().status).toBe(0);
    await expect(window).toHaveTitle(/lock-convoy/);
    expect(app.windows()).toHaveLength(2);

    const third = app.waitForEvent('window');
    await clickMenu(app, 'file.newWindow');
    await expect((await third).getByRole('main', { name: 'Start' })).toBeVisible();
  });

  test('remembers where its window was and which files it opened', async ({ home, sampleTrace }) => {
    const first = await startApp(home, sampleTrace);
    const page = await first.app.firstWindow();
    await expect(page).toHaveTitle(/lock-convoy/);
    const bounds = { x: 40, y: 50, width: 1100, height: 700 };
    await (await browserWindow(first.app, page)).evaluate((shown, to) => shown.setBounds(to), bounds);
    await (await browserWindow(first.app, page)).evaluate((shown) => shown.close()).catch(() => undefined);
    await expect.poll(() => first.child.exitCode).toBe(0);

    const second = await startApp(home);
    const again = await second.app.firstWindow();
    await expect(again.getByRole('button', { name: /lock-convoy/ })).toBeVisible();
    expect(
      await (await browserWindow(second.app, again)).evaluate((shown) => shown.getNormalBounds()),
    ).toEqual(bounds);
    await endApp(second);
  });

  test('while it records: progress in the taskbar, a question on quit, and what was recorded is kept', async ({
    desktop,
    window,
  }) => {
    const { app } = desktop;
    await expect(window).toHaveTitle(/lock-convoy/);
    await app.evaluate(({ BrowserWindow }) => {
      const progress: number[] = [];
      Object.assign(globalThis, { progress });
      for (const shown of BrowserWindow.getAllWindows()) {
        shown.setProgressBar = (fraction: number) => void progress.push(fraction);
      }
    });
    await window.evaluate((text) => {
      const { pipe } = (
        globalThis as unknown as { schedctlWorkbench: { pipe: { send(message: object): void } } }
      ).schedctlWorkbench;
      pipe.send({ type: 'request', id: 9999, name: 'record.start', params: { text, name: 'long' } });
    }, LONG_SCENARIO);
    await expect
      .poll(() => app.evaluate(() => (globalThis as unknown as { progress: number[] }).progress.length))
      .toBeGreaterThan(0);

    await answerQuestions(app, 0);
    await app.evaluate(({ app: electronApp }) => electronApp.quit());
    await expect.poll(() => questions(app)).toEqual(['A recording is running.']);
    await (await browserWindow(app, window)).evaluate((shown) => shown.close());
    await expect.poll(() => questions(app)).toHaveLength(2);
    await expect(window).toHaveTitle(/lock-convoy/);

    await answerQuestions(app, 1);
    app.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => undefined);
    await expect.poll(() => desktop.child.exitCode).toBe(0);
    const kept = readdirSync(desktop.recordingsDir);
    expect(kept).toEqual([expect.stringMatching(/^long-.*\.sctrace\.part$/)]);
    expect(workbench('verify', join(desktop.recordingsDir, kept[0]!))).toContain('are as recorded');
  });

  test("runs a person's SQL in a process of its own", async ({ window }) => {
    await expect(window).toHaveTitle(/lock-convoy/);
    const answer = await window.evaluate(
      () =>
        new Promise((resolve) => {
          interface Message {
            readonly id?: number;
            readonly result?: { readonly traceId?: string; readonly rows?: number };
            readonly error?: { readonly message: string };
          }
          interface Pipe {
            send(message: object): void;
            onMessage(listener: (message: Message) => void): void;
          }
          const { pipe } = (globalThis as unknown as { schedctlWorkbench: { pipe: Pipe } }).schedctlWorkbench;
          pipe.onMessage(({ id, result, error }) => {
            if (id === 9999) resolve(error?.message ?? result?.rows);
          });
          // The window's first trace.
          const params = { traceId: 'trace-1', queryId: 'q', sql: 'SELECT * FROM event LIMIT 7' };
          pipe.send({ type: 'request', id: 9999, name: 'sql.run', params });
        }),
    );
    expect(answer).toBe(7);
  });

  test('a window that fails is loaded again and shows its trace again', async ({
    desktop: { app },
    window,
  }) => {
    await expect(window).toHaveTitle(/lock-convoy/);
    await answerQuestions(app, 0);
    await (
      await browserWindow(app, window)
    ).evaluate((shown) => {
      shown.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    });
    await expect.poll(() => questions(app)).toEqual(['This window has crashed.']);
    await expect(window).toHaveTitle(/lock-convoy/);
    await expect(window.getByRole('application', { name: /timeline/i })).toBeVisible();
  });

  test('a settings file that is broken is set aside and said, not fatal', async ({ home }) => {
    const first = await startApp(home);
    await first.app.firstWindow();
    await endApp(first);
    const settings = join(first.configDir, 'settings.json');
    writeFileSync(settings, '{ "theme": ');
    const second = await startApp(home);
    const page = await second.app.firstWindow();
    await expect(page.getByText(/settings\.json is damaged/)).toBeVisible();
    const aside = readdirSync(first.configDir).find((name) => name.startsWith('settings.json.broken'));
    expect(readFileSync(join(first.configDir, aside!), 'utf8')).toBe('{ "theme": ');
    expect(existsSync(settings)).toBe(false);
    await endApp(second);
  });
});
