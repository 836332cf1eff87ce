/** One word for one thing: the terms of GLOSSARY.md are in use, and the words that it rejects are in no text. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageCatalogue } from './catalogue.ts';
import { withoutValues } from './message.ts';

const root = join(import.meta.dirname, '../..');
const glossary = readFileSync(join(root, 'GLOSSARY.md'), 'utf8');

/** Rows of the tables under a heading, without their heads. */
function rowsUnder(heading: RegExp): string[][] {
  return glossary
    .split(/^## /m)
    .filter((section) => heading.test(section))
    .flatMap((section) => section.split('\n').filter((line) => /^\| (?!-|term|instead of)/.test(line)))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
}
const listed = (cell: string): string[] => cell.replaceAll('`', '').split(/, /).filter(Boolean); // prettier-ignore
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

interface Rejected {
  readonly words: string;
  readonly pattern: RegExp;
  readonly allowed: RegExp | null;
}
const REJECTED = rowsUnder(/^Words not to use/).map(([words, , allowed]): Rejected => ({
  words: words!,
  pattern: new RegExp(`(?<![\\w-])(${listed(words!).map(escaped).join('|')})(?![\\w-])`, 'i'),
  allowed: allowed === '' ? null : new RegExp(listed(allowed!).map(escaped).join('|'), 'gi'),
}));
const isRejected = ({ pattern, allowed }: Rejected, text: string): boolean =>
  pattern.test(allowed === null ? text : text.replace(allowed, ''));

describe('the list of rejected words', () => {
  const rejects = (text: string): boolean => REJECTED.some((rejected) => isRejected(rejected, text));

  test.each(['Choose a stretch', 'The palette', 'Who ran before', 'It is no more'])(
    'rejects "%s"',
    (text) => {
      expect(rejects(text)).toBe(true);
    },
  );

  test.each(['The command palette', 'Stretched to fit', 'The whole trace', 'No more than 5'])(
    'lets "%s" pass',
    (text) => {
      expect(rejects(text)).toBe(false);
    },
  );
});

const texts = messageCatalogue().map((message) => ({ ...message, plain: withoutValues(message.text) }));

test.each(REJECTED)('no text has "$words"', (rejected) => {
  const found = texts.filter(({ plain }) => isRejected(rejected, plain));
  expect(found.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
});

describe('the terms of the glossary', () => {
  const sources = globSync('src-*/**/*.{ts,vue,md}', { cwd: root }).map((file) =>
    readFileSync(join(root, file), 'utf8').toLowerCase(),
  );
  const terms = rowsUnder(/^The (domain|workbench)/).flatMap(([term]) => listed(term!));

  test('are many, and each is in the sources', () => {
    expect(terms.length).toBeGreaterThan(40);
    const unused = terms.filter((term) => !sources.some((source) => source.includes(term.toLowerCase())));
    expect(unused).toEqual([]);
  });
});
