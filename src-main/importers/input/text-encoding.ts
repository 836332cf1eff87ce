/**
 * Text that another system wrote as UTF-16 (PowerShell's `>` does) or UTF-32, as UTF-8; and without the mark at its
 * beginning.
 */
import type { Peekable } from './peekable.ts';

const BYTES_LOOKED_AT = 512;
const UTF8_MARK = Buffer.of(0xef, 0xbb, 0xbf);
/** It begins like that of UTF-16, whose first character would be a zero then. */
const UTF32_LE_MARK = Buffer.of(0xff, 0xfe, 0, 0);
const UTF32_BE_MARK = Buffer.of(0, 0, 0xfe, 0xff);
const REPLACEMENT = 0xfffd;
/** Of the characters looked at, how many must be ASCII for text without a mark. */
const ASCII_SHARE = 0.8;

/** The same text as UTF-8 without a byte order mark; what is no UTF-16 goes through as it is. */
export async function asUtf8(source: Peekable): Promise<AsyncIterable<Buffer>> {
  const start = await source.peek(BYTES_LOOKED_AT);
  if (start.indexOf(UTF8_MARK) === 0) {
    source.skip(UTF8_MARK.length);
    return source;
  }
  if (start.indexOf(UTF32_LE_MARK) === 0) return decoded(source, new Utf32Decoder(true));
  if (start.indexOf(UTF32_BE_MARK) === 0) return decoded(source, new Utf32Decoder(false));
  const encoding = encodingOf(start.subarray(0, BYTES_LOOKED_AT));
  return encoding === null ? source : decoded(source, new TextDecoder(encoding));
}

/**
 * The kind of UTF-16 that bytes are, by their mark, else by where the zeros of ASCII characters stand; null for none.
 */
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

async function* decoded(source: AsyncIterable<Buffer>, decoder: StreamDecoder): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield Buffer.from(text, 'utf8');
  }
  const rest = decoder.decode();
  if (rest !== '') yield Buffer.from(rest, 'utf8');
}

/** What decodes text that comes in chunks, and leaves out its mark. */
interface StreamDecoder {
  decode(chunk?: Buffer, options?: { readonly stream: boolean }): string;
}

/** As TextDecoder, which does not know UTF-32. */
class Utf32Decoder implements StreamDecoder {
  private readonly isLittle: boolean;
  private rest = Buffer.alloc(0);
  private isFirst = true;

  constructor(isLittle: boolean) {
    this.isLittle = isLittle;
  }

  decode(chunk?: Buffer): string {
    if (chunk === undefined) return this.rest.length > 0 ? String.fromCodePoint(REPLACEMENT) : '';
    const bytes = Buffer.concat([this.rest, chunk]);
    const whole = bytes.length - (bytes.length % 4);
    let text = '';
    for (let at = 0; at < whole; at += 4) {
      const code = this.isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
      if (this.isFirst) this.isFirst = false;
      else text += String.fromCodePoint(code > 0x10ffff ? REPLACEMENT : code);
    }
    this.rest = bytes.subarray(whole);
    return text;
  }
}
