/**
 * The JSON of Chrome's trace event format as lines: each entry of `traceEvents` (or of the array that is the
 * whole file) becomes one line, and the text of `systemTraceEvents`, which is ftrace's, becomes its lines.
 * Read as a stream of bytes; the rest of the file is passed over. An array that is not closed is taken as it
 * is, as the format allows.
 */
import type { Unwrapper } from '../format.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const MAX_KEY_BYTES = 64;
const OUT_BYTES = 1 << 16;
/** A longer entry is no event; the line scanner drops what comes out of it. */
const MAX_ENTRY_BYTES = 80 * 1024;

const EVENTS = 'traceEvents';
const SYSTEM = 'systemTraceEvents';
const ESCAPES: Readonly<Record<string, number>> = { n: 0x0a, t: 0x09, r: 0x0d, b: 0x08, f: 0x0c };

export class ChromeUnwrapper implements Unwrapper {
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Depth inside which entries are: 1 where the file is an array, 2 inside `traceEvents`, 0 for not yet. */
  private entriesAt = 0;
  private inEntry = false;
  private entryBytes = 0;
  private inSystem = false;
  /** Digits of a `\u` escape still to come, and its value so far. */
  private unicodeLeft = 0;
  private unicode = 0;
  private key = '';
  private lastKey = '';
  private readonly out = Buffer.allocUnsafe(OUT_BYTES);
  private used = 0;

  push(chunk: Buffer, emit: (text: Buffer) => void): void {
    for (const byte of chunk) {
      if (this.used > OUT_BYTES - 8) this.flush(emit);
      if (this.inString) this.stringByte(byte);
      else this.byte(byte);
    }
    this.flush(emit);
  }

  end(emit: (text: Buffer) => void): void {
    this.put(LINE_FEED);
    this.flush(emit);
  }

  private byte(byte: number): void {
    if (this.inEntry) this.put(byte === LINE_FEED || byte === CARRIAGE_RETURN ? SPACE : byte);
    switch (byte) {
      case QUOTE:
        this.inString = true;
        this.key = '';
        this.inSystem = this.depth === 1 && this.lastKey === SYSTEM && this.entriesAt !== 1;
        return;
      case OPEN_BRACE:
        this.depth++;
        if (this.entriesAt > 0 && this.depth === this.entriesAt + 1) {
          this.inEntry = true;
          this.entryBytes = 0;
          this.put(byte);
        }
        return;
      case OPEN_BRACKET:
        this.depth++;
        if (this.depth === 1) this.entriesAt = 1;
        else if (this.depth === 2 && this.lastKey === EVENTS && this.entriesAt !== 1) this.entriesAt = 2;
        return;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (this.inEntry && this.depth === this.entriesAt + 1) {
          this.inEntry = false;
          this.put(LINE_FEED);
        }
        if (this.depth === 2 && this.entriesAt === 2 && byte === CLOSE_BRACKET) this.entriesAt = 0;
        if (this.depth > 0) this.depth--;
        return;
      case COMMA:
        if (this.depth === 1) this.lastKey = '';
        return;
    }
  }

  private stringByte(byte: number): void {
    if (this.inEntry) this.put(byte < SPACE ? SPACE : byte);
    if (this.inSystem) {
      this.systemByte(byte);
      return;
    }
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) {
      this.inString = false;
      if (this.depth === 1 && this.lastKey === '') this.lastKey = this.key;
      return;
    }
    if (this.depth === 1 && this.key.length < MAX_KEY_BYTES) this.key += String.fromCharCode(byte);
  }

  /** A byte of the string that holds ftrace's text. */
  private systemByte(byte: number): void {
    if (this.unicodeLeft > 0) {
      const digit = Number.parseInt(String.fromCharCode(byte), 16);
      this.unicode = this.unicode * 16 + (Number.isNaN(digit) ? 0 : digit);
      if (--this.unicodeLeft === 0) {
        for (const one of Buffer.from(String.fromCharCode(this.unicode), 'utf8')) this.put(one);
      }
    } else if (this.escaped) {
      this.escaped = false;
      const letter = String.fromCharCode(byte);
      if (letter === 'u') {
        this.unicodeLeft = 4;
        this.unicode = 0;
      } else this.put(ESCAPES[letter] ?? byte);
    } else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) {
      this.inString = false;
      this.inSystem = false;
      this.put(LINE_FEED);
    } else this.put(byte);
  }

  private put(byte: number): void {
    if (this.inEntry && ++this.entryBytes > MAX_ENTRY_BYTES) return;
    this.out[this.used++] = byte;
  }

  private flush(emit: (text: Buffer) => void): void {
    if (this.used === 0) return;
    // Copied: who takes it may keep it for a while.
    emit(Buffer.from(this.out.subarray(0, this.used)));
    this.used = 0;
  }
}
