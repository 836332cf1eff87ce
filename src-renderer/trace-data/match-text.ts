/** Matches typed text against a title: every word has to occur, in any order. */

/** A piece of a title, in order; `matched` where it is what was typed. */
export interface MatchPart {
  readonly text: string;
  readonly matched: boolean;
}

export interface Match {
  /**
   * Smaller is better: 0 the title begins with the text, 1 a word of it does, 2 it contains it, 3 only the rest does.
   */
  readonly rank: number;
  readonly parts: readonly MatchPart[];
}

/**
 * How `title` matches the words of `text`; null where one of them is neither in it nor in `rest`.
 *
 * @param rest what else may be searched for: not shown as matched, and ranked behind
 */
export function matchText(text: string, title: string, rest = ''): Match | null {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const lower = title.toLowerCase();
  const lowerRest = rest.toLowerCase();
  const matched = new Array<boolean>(title.length).fill(false);
  let rank = words.length > 0 && lower.startsWith(words.join(' ')) ? 0 : 1;
  for (const word of words) {
    const at = placeOf(word, lower);
    if (at < 0) {
      if (!lowerRest.includes(word)) return null;
      rank = 3;
      continue;
    }
    if (rank < 2 && !isWordStart(lower, at)) rank = 2;
    matched.fill(true, at, at + word.length);
  }
  return { rank, parts: partsOf(title, matched) };
}

/** Where `word` is in `text`, at the start of a word if it is there. */
function placeOf(word: string, text: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (isWordStart(text, at)) return at;
  }
  return text.indexOf(word);
}

const isWordStart = (text: string, at: number): boolean => at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1]!);

function partsOf(title: string, matched: readonly boolean[]): MatchPart[] {
  const parts: MatchPart[] = [];
  let start = 0;
  for (let at = 1; at <= title.length; at++) {
    if (at < title.length && matched[at] === matched[start]) continue;
    parts.push({ text: title.slice(start, at), matched: matched[start]! });
    start = at;
  }
  return parts;
}
