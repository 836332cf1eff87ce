import { expect, it } from 'vitest';
import { remainingWords } from './remaining-words.ts';

it.each([
  [null, null],
  [300, 'nearly done'],
  [12_400, 'about 12 s left'],
  [43_000, 'about 45 s left'],
  [59_000, 'about 1 min left'],
  [740_000, 'about 12 min left'],
  [5_400_000, 'about 1.5 h left'],
])('%s ms left read as %s', (ms, words) => {
  expect(remainingWords(ms)).toBe(words);
});
