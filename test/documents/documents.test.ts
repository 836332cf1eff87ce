/** The pages for contributors say what is so: their code is in the sources, their paths and commands are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EARLIER_SCHEMAS } from '#main/store/format/earlier-schemas.ts';
import { SCHEMA_VERSION } from '#main/store/format/schema.ts';
import { DEBUG_ROOMS } from '#main/debug/debug-log.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const PAGES = ['CONTRIBUTING.md', 'ARCHITECTURE.md', 'GLOSSARY.md', 'CHANGELOG.md'];

/** Blocks of code that name their file in the first line. */
function examples(text: string): { readonly file: string; readonly code: string }[] {
  return [...text.matchAll(/^( *)```ts\n *\/\/ (\S+)\n([^]*?)```/gm)].map(([, indent, file, code]) => ({
    file: file!,
    code: code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

describe('CONTRIBUTING', () => {
  const found = examples(read('CONTRIBUTING.md'));

  test('has an example of each thing that is added', () => {
    const files = found.map(({ file }) => file).join('\n');
    for (const part of [
      'api/requests',
      'store/queries/',
      'api/testing/',
      'model/kinds',
      'findings/detectors/',
      'views/',
      'importers/',
    ]) {
      expect(files).toContain(part);
    }
  });

  test.each(found)('the example of $file is what the file says', ({ file, code }) => {
    expect(code.trim()).not.toBe('');
    expect(read(file)).toContain(code);
  });

  test('names the rooms of the debug log', () => {
    for (const room of DEBUG_ROOMS) expect(read('CONTRIBUTING.md')).toContain(`\`${room}\``);
  });
});

describe.each(PAGES)('%s', (page) => {
  const text = read(page);
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);

  test('names files and folders that are there', () => {
    const paths = quoted.filter(
      (name) => /^(src-|test\/|traces\/|[.]vscode)[\w./-]*$/.test(name) && name !== 'src-',
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names commands that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = [...text.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1]!);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('links to pages that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });
});

test('ARCHITECTURE has each room of the store', () => {
  for (const room of ['format', 'read', 'write', 'derive', 'levels', 'queries', 'sql', 'verify', 'upgrade']) {
    expect(read('ARCHITECTURE.md')).toContain(`\`${room}/\``);
    expect(existsSync(join(root, 'src-main/store', room)), room).toBe(true);
  }
});

test('CHANGELOG has every version of the schema, the newest first', () => {
  const listed = [...read('CHANGELOG.md').matchAll(/^\| (\d+) +\|/gm)].map((match) => Number(match[1]));
  expect(listed).toEqual([
    SCHEMA_VERSION,
    ...Object.keys(EARLIER_SCHEMAS)
      .map(Number)
      .sort((a, b) => b - a),
  ]);
});

test('README links to the pages', () => {
  for (const page of PAGES) expect(read('README.md')).toContain(`](${page})`);
});
