import { expect, test } from 'vitest';
import { scenarioHeader } from './header.ts';

test('title and description are read from the head, the description over several lines', () => {
  const text =
    '# Title: Lock convoy\n# See: a holder loses its CPU\n# and all wait.\n#\n# More.\ncpus: 2\n# Title: no\n';
  expect(scenarioHeader(text)).toEqual({
    title: 'Lock convoy',
    see: 'a holder loses its CPU and all wait.',
    place: null,
  });
});

test('a file without them has none', () => {
  expect(scenarioHeader('cpus: 2\n# Title: too late\n')).toEqual({ title: null, see: null, place: null });
});

test('a place in lists is a number', () => {
  expect(scenarioHeader('# Title: First\n# Place: 1\ncpus: 2\n').place).toBe(1);
  expect(scenarioHeader('# Place: top\ncpus: 2\n').place).toBeNull();
});
