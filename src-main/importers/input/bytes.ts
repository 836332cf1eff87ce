/**
 * Looking at text as bytes. Formats read their lines with these instead of regular expressions: a trace has
 * millions of lines, and a string for each field of each of them would be most of the work.
 */

export const SPACE = 0x20;
export const ZERO = 0x30;
const NINE = 0x39;

export const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= ZERO && byte <= NINE;

/** The bytes of an ASCII text, to be looked for with {@link matches} and {@link find}. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Whether `what` stands at `at`, wholly before `end`. */
export function matches(bytes: Uint8Array, at: number, end: number, what: Uint8Array): boolean {
  const length = what.length;
  if (at + length > end) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== what[i]) return false;
  return true;
}

/** First place from `at` on that holds no space, at most `end`. */
export function skipSpaces(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && bytes[at] === SPACE) at++;
  return at;
}

/**
 * A cursor over the bytes of one line. Each `take` moves on where it finds what it looks for; numbers are
 * left in {@link value}. One instance is used for all lines.
 */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;
  /** What {@link takeInteger} read. */
  value = 0;

  set(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Moves past `what` if it stands here. */
  take(what: Uint8Array): boolean {
    if (!matches(this.bytes, this.at, this.end, what)) return false;
    this.at += what.length;
    return true;
  }

  /** Moves past a decimal integer of up to nine digits, with or without a minus sign. */
  takeInteger(): boolean {
    const { bytes, end } = this;
    let at = this.at;
    const negative = bytes[at] === 0x2d;
    if (negative) at++;
    const first = at;
    let value = 0;
    while (at < end) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at === first || at - first > 9) return false;
    this.value = negative ? -value : value;
    this.at = at;
    return true;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }
}
