import { describe, expect, it } from 'vitest';
import { matchText } from './match-text.ts';

/** The title with what matched in brackets, behind the rank. */
const shown = (text: string, title: string, rest = ''): string | null => {
  const match = matchText(text, title, rest);
  if (match === null) return null;
  return `${match.rank} ${match.parts.map((part) => (part.matched ? `[${part.text}]` : part.text)).join('')}`;
};

describe('matchText', () => {
  it('finds every word, in any order and whatever the case', () => {
    expect(shown('dec nex', 'Next decision')).toBe('1 [Nex]t [dec]ision');
    expect(shown('next dec', 'Next decision')).toBe('0 [Next] [dec]ision');
    expect(shown('next switch', 'Next decision')).toBeNull();
  });

  it('ranks the start of the title before the start of a word before the middle of one', () => {
    expect(shown('back', 'backend 1')).toBe('0 [back]end 1');
    expect(shown('back', 'logger backend')).toBe('1 logger [back]end');
    expect(shown('end', 'backend 1')).toBe('2 back[end] 1');
  });

  it('prefers the start of a word to an earlier middle', () => {
    expect(shown('all', 'recall all')).toBe('1 recall [all]');
  });

  it('takes what belongs to the title for less, and does not mark it', () => {
    expect(shown('postgres', 'backend 1', 'postgres 100')).toBe('3 backend 1');
  });

  it('matches everything with nothing', () => {
    expect(shown(' ', 'backend 1')).toBe('1 backend 1');
  });
});
