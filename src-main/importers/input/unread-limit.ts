/**
 * Ends an import of a file that goes on and on without anything to read: a few kilobytes, unpacked, can be gigabytes of
 * line feeds. A trace has events all along; what else stands between two of them is a log's other lines at most.
 */
import { WorkbenchError } from '#shared/base/errors.ts';

/** So much text without an event is not part of a trace; what stands before one (formats.ts) is less by far. */
const MOST_BYTES = 256 << 20;

/** The words of a file's format. */
interface FormatWords {
  readonly event: string;
  readonly file: string;
}

export class UnreadLimit {
  private readonly fileName: string;
  private readonly eventsRead: () => number;
  private readonly mostBytes: number;
  private bytes = 0;
  private line = 0;
  private events = 0;
  private readonly words: FormatWords;

  /**
   * @param eventsRead how many events the import has read by now
   * @param words what an event of the file is called, and what the file is
   */
  constructor(
    fileName: string,
    eventsRead: () => number,
    mostBytes = MOST_BYTES,
    words: FormatWords = { event: 'event', file: 'trace' },
  ) {
    this.fileName = fileName;
    this.eventsRead = eventsRead;
    this.mostBytes = mostBytes;
    this.words = words;
  }

  /**
   * So many more bytes have been read, up to the line `line`.
   *
   * @throws WorkbenchError 'import-failed' where more than the limit, at most twice as much, had no event in it
   */
  read(bytes: number, line: number): void {
    this.bytes += bytes;
    if (this.bytes <= this.mostBytes) return;
    const events = this.eventsRead();
    if (events === this.events) {
      const mb = this.mostBytes >> 20;
      const { event, file } = this.words;
      throw new WorkbenchError(
        'import-failed',
        `${this.fileName} has no ${event} in more than ${mb} MB of text, from line ${this.line + 1} on, and is not read further: ` +
          `what comes there is no ${file}. Cut it off, and read the file again.`,
        { file: this.fileName, line: this.line + 1 },
      );
    }
    this.bytes = 0;
    this.line = line;
    this.events = events;
  }
}
