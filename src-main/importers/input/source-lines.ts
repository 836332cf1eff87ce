/** One file of an import on its way from bytes to lines: unpacked, unwrapped, split, put in order. */
import type { Head, TraceFormat } from '../format.ts';
import type { ReportBuilder } from '../import-report.ts';
import { LineScanner } from './line-scanner.ts';
import { Reorder } from './reorder.ts';
import type { SourceFile } from './source-file.ts';

type Deliver = (bytes: Buffer, start: number, end: number, number: number) => void;

export class SourceLines {
  readonly source: SourceFile;
  readonly format: TraceFormat;
  readonly head: Head;
  private readonly chunks: AsyncGenerator<Buffer>;
  private readonly scanner: LineScanner;
  private readonly reorder: Reorder | null;
  private readonly unwrapper: ReturnType<NonNullable<TraceFormat['createUnwrapper']>> | null;

  private constructor(
    source: SourceFile,
    format: TraceFormat,
    head: Head,
    report: ReportBuilder,
    deliver: Deliver,
  ) {
    this.source = source;
    this.format = format;
    this.head = head;
    this.chunks = source.chunks();
    const order = format.createOrder?.() ?? null;
    this.reorder =
      order === null || format.inOrder === true ? null : new Reorder(order, deliver, format.window);
    const { reorder } = this;
    this.scanner = new LineScanner(
      reorder === null ? deliver : (bytes, start, end, number) => reorder.push(bytes, start, end, number),
      (number, text) => report.skip('the line is too long', number, text),
    );
    this.unwrapper = format.createUnwrapper?.() ?? null;
  }

  static async start(
    source: SourceFile,
    format: TraceFormat,
    report: ReportBuilder,
    deliver: Deliver,
  ): Promise<SourceLines> {
    const head = await source.head();
    return new SourceLines(source, format, head, report, deliver);
  }

  /** Lines read so far. */
  get lines(): number {
    return this.scanner.lines;
  }

  /** Reads on and delivers what lines there are. False where there is no more. */
  async readOn(): Promise<boolean> {
    const next = await this.chunks.next();
    const { unwrapper, scanner } = this;
    const emit = (text: Buffer): void => scanner.push(text);
    if (next.done !== true) {
      if (unwrapper === null) scanner.push(next.value);
      else unwrapper.push(next.value, emit);
      return true;
    }
    unwrapper?.end(emit);
    scanner.end();
    this.reorder?.finish();
    return false;
  }
}
