import type { Locator, Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

async function openDialog(window: Page): Promise<Locator> {
  await expect(window).toHaveTitle(/lock-convoy/);
  await window.getByRole('button', { name: 'Record' }).click();
  const dialog = window.getByRole('dialog', { name: 'Record a scenario' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: /^Lock convoy, with preemption control/ }).click();
  await expect(dialog.getByRole('button', { name: /^Record/ })).toBeEnabled();
  return dialog;
}

/** Drops a file onto the window as the file manager would. */
async function drop(window: Page, name: string, content: string): Promise<void> {
  const transfer = await window.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text!], fileName!, { type: 'text/plain' }));
      return data;
    },
    [name, content],
  );
  await window.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await expect(window.getByText('Drop to open')).toBeVisible();
  await window.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

test('records a scenario with other parameters and opens the trace', async ({ window }) => {
  const dialog = await openDialog(window);
  await expect(dialog.getByRole('textbox', { name: 'Scenario, YAML' })).toContainText('cpus:');
  await dialog.getByRole('textbox', { name: 'Duration' }).fill('120 ms');
  await dialog.getByRole('textbox', { name: 'CPUs' }).fill('3');
  await dialog.getByRole('button', { name: /^Record/ }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
  await expect(window.getByText(/120\sms · .* events · 3\sCPUs/)).toBeVisible();
  await expect(window.getByText('Complete', { exact: true })).toBeVisible();
});

test('lists scenarios by what they show, the convoy first', async ({ window }) => {
  const dialog = await openDialog(window);
  const titles = await dialog.getByRole('region', { name: 'Scenarios' }).locator('li strong').allInnerTexts();
  expect(titles[0]).toBe('Convoy behind a revoked request');
  expect(titles.join()).not.toContain('.yaml');
  await expect(dialog.getByText(/8 CPUs · \d+ LWPs · 2\.00\ss/).first()).toBeVisible();
});

test('fills the timeline while it records, stops when it is told to, and keeps what there is', async ({
  window,
}) => {
  const dialog = await openDialog(window);
  await dialog.getByRole('textbox', { name: 'Duration' }).fill('3600 s');
  await dialog.getByRole('button', { name: /^Record/ }).click();
  await expect(dialog).toBeHidden();
  const bar = window.getByRole('region', { name: 'Recording' });
  await expect(bar).toContainText(/Recording, [\d\u2009.]+ of 3\u2009600\.000 s/);
  await expect(bar).toContainText(/events\/s/);

  // The trace is open while it is written: its length grows, and the whole of it stays in view.
  const toolbar = window.getByRole('banner', { name: 'Toolbar' });
  await expect(toolbar.getByText('Recording', { exact: true })).toBeVisible();
  const events = async (): Promise<number> =>
    Number(/([\d\u2009]+) events/.exec(await toolbar.innerText())?.[1]?.replace(/\D/g, '') ?? 0);
  const before = await events();
  await expect.poll(events).toBeGreaterThan(before);
  const lanes = window.getByRole('application', { name: /timeline/i });
  const inView = await lanes.getAttribute('aria-label');
  await expect.poll(() => lanes.getAttribute('aria-label')).not.toBe(inView);
  await expect(window.getByRole('region', { name: 'About this trace' })).toBeHidden();

  await bar.getByRole('button', { name: 'Stop recording' }).click();
  await expect(bar).toBeHidden();
  await expect(window.getByText('Recording cancelled')).toBeVisible();
  // What was recorded up to there stays open, and says that it is not whole.
  await expect(toolbar.getByText('Incomplete', { exact: true })).toBeVisible();
  await expect(window.getByRole('region', { name: 'About this trace' })).toBeVisible();
  await window.keyboard.press('Shift+ArrowRight');
  await expect(window.getByRole('row').and(window.locator('[aria-current=true]'))).toBeVisible();
});

test('offers to open what was recorded while another trace stayed in the window', async ({ window }) => {
  const dialog = await openDialog(window);
  await dialog.getByRole('textbox', { name: 'Duration' }).fill('50 ms');
  await dialog.getByRole('checkbox', { name: 'Show it while it records' }).uncheck();
  await dialog.getByRole('button', { name: /^Record/ }).click();
  const message = window.getByRole('status').filter({ hasText: 'Recorded ' });
  await expect(message).toContainText('.sctrace');
  await expect(window.getByText(/2\.00\ss · .* events/)).toBeVisible();
  await message.getByRole('button', { name: 'Open' }).click();
  await expect(window.getByText(/50\.0\sms · .* events/)).toBeVisible();
  await expect(message).toBeHidden();
});

test('marks an error in a scenario with its line, and does not record it', async ({ window }) => {
  const dialog = await openDialog(window);
  const editor = dialog.getByRole('textbox', { name: 'Scenario, YAML' });
  await editor.click();
  await window.keyboard.press('Control+Home');
  await window.keyboard.type('cpu: none\n');
  await expect(dialog.getByTestId('problems')).toContainText(/line 1: .*cpu/);
  await expect(dialog.getByRole('button', { name: /^Record/ })).toBeDisabled();
  await expect(dialog.locator('.cm-lintRange-error').first()).toBeVisible();
});

test('refuses parameters that mean nothing, and says what would', async ({ window }) => {
  const dialog = await openDialog(window);
  await dialog.getByRole('textbox', { name: 'CPUs' }).fill('0');
  await expect(dialog.getByText('A whole number from 1 to 256')).toBeVisible();
  await expect(dialog.getByRole('button', { name: /^Record/ })).toBeDisabled();
});

test('keeps the keyboard inside the dialog, and gives it back', async ({ window }) => {
  const dialog = await openDialog(window);
  // Between the last control and the first, the platform's dialog gives the focus to the browser itself.
  const isOutside = (element: Element): boolean =>
    document.activeElement !== document.body && !element.contains(document.activeElement);
  for (let i = 0; i < 20; i++) {
    await window.keyboard.press('Tab');
    expect(await dialog.evaluate(isOutside)).toBe(false);
  }
  await window.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('says of a dropped file that is no trace what it is not, and keeps the open one', async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await drop(window, 'shopping.txt', 'bread\nmilk\n');
  const message = window.getByRole('alert');
  await expect(message).toContainText('shopping.txt');
  await expect(message).not.toContainText(/\bat .+:\d+:\d+/);
  await expect(window).toHaveTitle(/lock-convoy/);
  await message.getByRole('button', { name: 'Dismiss' }).click();
  await expect(message).toBeHidden();
});

test('opens a dropped scenario in the editor', async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await drop(window, 'mine.yaml', 'cpus: 1\nduration: 1 s\nprograms: {}\nprocesses: []\n');
  const dialog = window.getByRole('dialog', { name: 'Record a scenario' });
  await expect(dialog.getByRole('textbox', { name: 'Scenario, YAML' })).toContainText('processes: []');
});

test('completes keys and values of the scenario language', async ({ window }) => {
  const dialog = await openDialog(window);
  const editor = dialog.getByRole('textbox', { name: 'Scenario, YAML' });
  await editor.click();
  await window.keyboard.press('Control+Home');
  await window.keyboard.type('dur');
  const list = window.locator('.cm-tooltip-autocomplete');
  await expect(list).toContainText('duration');
  await window.keyboard.press('Escape');
  await window.keyboard.press('Control+a');
  await window.keyboard.type('processes:\n- name: a\nlwps:\n- na');
  await expect(list).toContainText('name');
});

test('says what an import did with its source', async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await drop(
    window,
    'short.txt',
    [
      '# tracer: nop',
      '           bash-1     [000] d..2.   10.000001: sched_switch: prev_comm=bash prev_pid=1 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120',
      'this is no line of a trace',
      '         <idle>-0     [000] d..2.   10.000201: sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=bash next_pid=1 next_prio=120',
      '',
    ].join('\n'),
  );
  await expect(window).toHaveTitle(/short/);
  await window.keyboard.press('Shift+R');
  const report = window.getByRole('dialog', { name: 'Import report' });
  await expect(report.getByText('Lines read')).toBeVisible();
  await expect(report.getByRole('region', { name: 'Skipped lines' })).toContainText(
    'this is no line of a trace',
  );
});
