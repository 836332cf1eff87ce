import { expect, test } from 'vitest';
import { scenarioHeader } from './header.ts';

test('title and description are read from the head, the description over several lines', () => {
  const text =
    '# Title: Lock convoy\n# See: a holder loses its CPU\n# and all wait.\n#\n# More.\ncpus: 2\n# Title: no\n';
  expect(scenarioHeader(text)).toEqual({ title: 'Lock convoy', see: 'a holder loses its CPU and all wait.' });
});

test('a file without them has none', () => {
  expect(scenarioHeader('cpus: 2\n# Title: too late\n')).toEqual({ title: null, see: null });
});
