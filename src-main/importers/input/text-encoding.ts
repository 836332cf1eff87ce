/** Text that another system wrote as UTF-16 (PowerShell's `>` does), as UTF-8; and without the mark at its beginning. */
import type { Peekable } from './peekable.ts';

const BYTES_LOOKED_AT = 512;
const UTF8_MARK = Buffer.of(0xef, 0xbb, 0xbf);
/** Of the characters looked at, how many must be ASCII for text without a mark. */
const ASCII_SHARE = 0.8;

/** The same text as UTF-8 without a byte order mark; what is no UTF-16 goes through as it is. */
export async function asUtf8(source: Peekable): Promise<AsyncIterable<Buffer>> {
  const start = await source.peek(BYTES_LOOKED_AT);
  if (start.indexOf(UTF8_MARK) === 0) {
    source.skip(UTF8_MARK.length);
    return source;
  }
  const encoding = encodingOf(start.subarray(0, BYTES_LOOKED_AT));
  return encoding === null ? source : decoded(source, encoding);
}

/** The kind of UTF-16 that bytes are, by their mark, else by where the zeros of ASCII characters stand; null for none. */
function encodingOf(start: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const pairs = start.length >> 1;
  if (pairs < 2) return null;
  let little = 0;
  let big = 0;
  for (let at = 0; at + 1 < start.length; at += 2) {
    if (isAscii(start[at]!) && start[at + 1] === 0) little++;
    else if (isAscii(start[at + 1]!) && start[at] === 0) big++;
  }
  if (little >= pairs * ASCII_SHARE) return 'utf-16le';
  return big >= pairs * ASCII_SHARE ? 'utf-16be' : null;
}

const isAscii = (byte: number): boolean =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;

async function* decoded(
  source: AsyncIterable<Buffer>,
  encoding: 'utf-16le' | 'utf-16be',
): AsyncGenerator<Buffer> {
  // It leaves out the mark.
  const decoder = new TextDecoder(encoding);
  for await (const chunk of source) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text, 'utf8');
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest, 'utf8');
}
