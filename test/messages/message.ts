/** A text that a person reads: where it is in the sources, and how it reads there. */
export interface Message {
  /** From the root of the project. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What it is in a template (`text`, `title`, `aria-label`, ...); `string` in code. */
  readonly role: string;
  /** Values stand as `{expression}`, elements within a sentence as `<Tag>`. One line. */
  readonly text: string;
}

/** One line with single spaces; control characters as escapes. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .trim();
}

/** A text without its `{values}`, which may hold braces of their own, and without its `<Tags>`. */
export function withoutValues(text: string): string {
  let depth = 0;
  let kept = '';
  for (const character of text.replace(/<\/?[\w-]+>/g, '{}')) {
    if (character === '{' && depth++ === 0) kept += character;
    else if (character === '}' && depth > 0 && --depth === 0) kept += character;
    else if (depth === 0) kept += character;
  }
  return kept;
}

/** Whether there is a word to read in a text, apart from its `{values}` and `<Tags>`. */
export const hasWords = (text: string): boolean => /[A-Za-z]{2}/.test(withoutValues(text));
