/** The message catalogue finds what people read, where it stands, and leaves out what only the program reads. */
import { describe, expect, test } from 'vitest';
import { describeProgram } from '#main/hosts/cli/describe-program.ts';
import { createProgram } from '#main/hosts/cli/program.ts';
import { COMMANDS } from '#shared/api/commands.ts';
import { messageCatalogue } from './catalogue.ts';
import { codeMessages } from './code-messages.ts';
import type { Message } from './message.ts';
import { templateMessages } from './template-messages.ts';

const lines = (messages: readonly Message[]): string[] =>
  messages.map(({ line, role, text }) => `${line} ${role}: ${text}`);

describe('the texts of code', () => {
  const found = (source: string): string[] => lines(codeMessages('a.ts', source));

  test('are sentences, whole where they are put together', () => {
    expect(found("fail(`The trace ${name} is ` +\n  'missing. ' + what());")).toEqual([
      '1 string: The trace {name} is missing. {what()}',
    ]);
  });

  test('are single words in a place for texts', () => {
    expect(found("const tab = { id: 'events', title: wide ? 'Events' : 'ev', colour: 'red' };")).toEqual([
      '1 string: Events',
      '1 string: ev',
    ]);
  });

  test('are those within a value, too', () => {
    expect(found("say(`${count} rows${cut ? ', the first ones' : ''}`);")).toEqual([
      "1 string: {count} rows{cut ? ', the first ones' : ''}",
      '1 string: , the first ones',
    ]);
  });

  test('are not SQL, styles, ids, imports, nor what is compared', () => {
    expect(
      found(`
        import x from './two words.ts';
        db.prepare('SELECT a FROM b');
        const more = ' AND time_ns < ?';
        canvas.font = '11px sans serif';
        if (key === 'Arrow Up') run('replay.faster');
      `),
    ).toEqual([]);
  });
});

describe('the texts of a component', () => {
  const component = `<script setup lang="ts">
const empty = 'No row passes the filter.';
</script>

<template>
  <PanelBox title="Rows" class="wide open">
    <p>
      Held by <b>{{ name }}</b>, on <CpuLink :cpu="3" />
    </p>
    <button :aria-label="isOpen ? 'Fold the rows' : \`Show \${count} rows\`" @click="run('rows.fold')">+</button>
    {{ isOpen ? 'open' : '' }}
  </PanelBox>
</template>
`;

  test('are sentences across elements, attributes that are shown, and strings of the script', () => {
    expect(lines(templateMessages('A.vue', component))).toEqual([
      '2 string: No row passes the filter.',
      '6 title: Rows',
      '8 text: Held by {name}, on <CpuLink>',
      '10 aria-label: Fold the rows',
      '10 aria-label: Show {count} rows',
      '11 text: open',
    ]);
  });

  test('that cannot be parsed is an error that names it', () => {
    expect(() => templateMessages('B.vue', '<template><p></template>')).toThrow('B.vue: ');
  });
});

describe('the catalogue of this program', () => {
  const texts = new Set(messageCatalogue().map(({ text }) => text));
  const whole = [...texts].join('\n');

  test('has every description of the command line', () => {
    const { commands } = describeProgram(createProgram(() => undefined));
    const descriptions = commands.flatMap(({ description, options }) => [
      description,
      ...options.map((option) => option.description),
    ]);
    expect(descriptions.length).toBeGreaterThan(30);
    expect(descriptions.filter((text) => !whole.includes(text))).toEqual([]);
  });

  test('has the title of every command of the window', () => {
    const titles = Object.values(COMMANDS).map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(20);
    expect(titles.filter((title) => !texts.has(title))).toEqual([]);
  });

  test('is of the paths that are asked for, in the order of their lines', () => {
    const some = messageCatalogue(['src-renderer/views/start']);
    expect(some.map(({ text }) => text)).toContain('Record a scenario');
    expect(new Set(some.map(({ file }) => file))).toEqual(
      new Set(['src-renderer/views/start/StartView.vue']),
    );
    expect(some.map(({ line }) => line)).toEqual(some.map(({ line }) => line).sort((a, b) => a - b));
  });
});
