import { describe, expect, it } from 'vitest';
import { terminalJson, terminalLines, terminalText } from './terminal-text.mjs';

describe('text for a terminal', () => {
  it.each([
    ['an escape sequence', '\u001b[31mred', '\\x1b[31mred'],
    ['a title', '\u001b]0;own\u0007', '\\x1b]0;own\\x07'],
    ['a C1 control', '\u009b2J', '\\x9b2J'],
    ['line ends', 'a\r\nb\u2028c', 'a\\r\\nb\\u{2028}c'],
    ['a tab, a NUL, a DEL', 'a\tb\u0000c\u007f', 'a\\tb\\x00c\\x7f'],
    ['a mark that turns the writing round', 'gpj.\u202egnp', 'gpj.\\u{202e}gnp'],
    ['marks without room', 'a\u200b\u2066\ufeff\u{e0041}', 'a\\u{200b}\\u{2066}\\u{feff}\\u{e0041}'],
    ['letters of any language', 'Größe 線程 שלום 😀', 'Größe 線程 שלום 😀'],
  ])('shows %s', (_what, text, shown) => {
    expect(terminalText(text)).toBe(shown);
    expect(terminalText(shown)).toBe(shown);
  });

  it('of several lines keeps the lines', () => {
    expect(terminalLines('a\u001b\nb')).toBe('a\\x1b\nb');
  });
});

it('JSON for a terminal has the same value', () => {
  const value = { name: 'a\u001b\u009b\u202e\u{e0041}\n"\\😀' };
  const json = terminalJson(JSON.stringify(value, null, 2));
  expect(json).toMatch(/^[\n -~😀]*$/u);
  expect(JSON.parse(json)).toEqual(value);
});
