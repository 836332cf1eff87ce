/** Names of others in the window: what would turn the writing round, hide or act is shown as an escape. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, startHost, test } from './workbench.ts';

/** A thread whose name is turned round from its middle on, and one that colours a terminal. */
const [TURNED, COLOURED] = ['ab\u202edcba', 'red\u001b[31m'];
const SHOWN = ['ab\\u{202e}dcba', 'red\\x1b[31m'];

function traceText(): string {
  const lines = ['# tracer: nop'];
  for (let turn = 0; turn < 5; turn++) {
    const [from, to] = turn % 2 === 0 ? [1, 2] : [2, 1];
    const name = (thread: number): string => (thread === 1 ? TURNED : COLOURED);
    const time = `10.${String(turn * 500).padStart(6, '0')}`;
    lines.push(
      `  ${name(from)}-${from} [000] d..2. ${time}: sched_switch: prev_comm=${name(from)} prev_pid=${from} prev_prio=120 prev_state=S ==> next_comm=${name(to)} next_pid=${to} next_prio=120`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Everything that can be read in the page, or is read out: text, labels, titles, values. */
function allTexts(): string {
  const texts = [document.title, document.body.innerText];
  for (const element of document.querySelectorAll('*')) {
    for (const { value } of element.attributes) texts.push(value);
    if (element instanceof HTMLInputElement) texts.push(element.value);
  }
  return texts.join('\u2400');
}

test('marks in names are shown in every list, label and title, and on the canvas', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-e2e-names-'));
  const source = join(folder, 'na\u202eme.ftrace.txt');
  writeFileSync(source, traceText());
  // What is drawn on a canvas leaves no text in the page.
  await page.addInitScript(() => {
    const drawn: string[] = [];
    Object.assign(window, { drawn });
    const { prototype } = CanvasRenderingContext2D;
    prototype.fillText = new Proxy(Reflect.get(prototype, 'fillText'), {
      apply(draw, context, given: [string, number, number]) {
        drawn.push(given[0]);
        return Reflect.apply(draw, context, given);
      },
    });
  });
  const host = await startHost(source);
  await page.goto(host.url);
  await expect(page).toHaveTitle(/na-me/);
  const timeline = page.getByRole('application', { name: /timeline/i });
  for (const name of SHOWN) await expect(timeline).toContainText(name);
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByRole('row').filter({ hasText: SHOWN[0]! }).first()).toBeVisible();
  const acts = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
  expect(await page.evaluate(allTexts)).not.toMatch(acts);
  const drawn = await page.evaluate(() => (window as unknown as { drawn: readonly string[] }).drawn);
  expect(drawn.join('\u2400')).not.toMatch(acts);
  expect(drawn).toContain(SHOWN[0]);
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});
