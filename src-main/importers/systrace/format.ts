/**
 * A systrace page: HTML of Android's systrace with ftrace text inside, in one of two forms.
 *
 *     var linuxPerfData = "\            <script class="trace-data" type="application/text">
 *     # tracer: nop\n\                  # tracer: nop
 *     a-336 [000] 50260.929925: ...\n\  a-336 [000] 50260.929925: ...
 *     \n";                              </script>
 */
import type { LineReader, ReaderContext, ReaderFacts, TraceFormat } from '../format.ts';
import type { ReportBuilder } from '../import-report.ts';
import { FtraceReader } from '../ftrace/reader.ts';
import { StampGuard } from '../input/stamp-guard.ts';

const PAGE = /^\s*<!DOCTYPE html/i;
const OPENS_STRING = 'linuxPerfData = "';
const OPENS_SCRIPT = '<script class="trace-data"';
const CLOSES_SCRIPT = '</script>';
const TRACER = '# tracer:';
const LINE_END = /\\n\\?$/;
/** How the string ends: its last quotation mark, with or without a line before it. */
const STRING_END = /(?:^|[^\\])";?\s*$/;
const TEXT_SHOWN = 400;

class SystraceReader implements LineReader {
  private readonly ftrace: FtraceReader;
  private readonly guard: StampGuard;
  private readonly report: ReportBuilder;
  private inside: 'string' | 'script' | null = null;
  /** A script may begin with other data (a list of processes), and have no trace at all. */
  private begun = false;

  constructor(context: ReaderContext) {
    this.report = context.report;
    const ftrace = (this.ftrace = new FtraceReader(context));
    this.guard = new StampGuard(
      (bytes, start, end) => ftrace.timeOf(bytes, start, end),
      (bytes, start, end, number) => ftrace.readLine(bytes, start, end, number),
      context.report,
      'the page',
    );
  }

  readLine(bytes: Buffer, start: number, end: number, number: number): void {
    const text = bytes.toString('latin1', start, end);
    if (this.inside === null) {
      if (text.includes(OPENS_STRING)) this.inside = 'string';
      else if (text.includes(OPENS_SCRIPT)) this.inside = 'script';
      this.begun = false;
      this.report.otherLines++;
      return;
    }
    if (this.inside === 'script') {
      if (text.includes(CLOSES_SCRIPT)) {
        this.inside = null;
        this.report.otherLines++;
      } else this.readTrace(text, number);
      return;
    }
    if (LINE_END.test(text)) {
      this.readTrace(text.replace(LINE_END, '').replace(/\\(["'\\])/g, '$1'), number);
      return;
    }
    if (STRING_END.test(text)) {
      this.inside = null;
      this.report.otherLines++;
    } else if (text.includes(CLOSES_SCRIPT)) {
      this.inside = null;
      this.report.skip("the page's script ends inside the string of its trace", number, shown(text));
    } else {
      this.report.skip(
        "it does not end as a line in the string of the page's trace does",
        number,
        shown(text),
      );
    }
  }

  end(): void {
    this.guard.finish();
    this.ftrace.end();
  }

  finish(): ReaderFacts {
    return this.ftrace.finish();
  }

  private readTrace(line: string, number: number): void {
    const bytes = Buffer.from(line, 'latin1');
    this.begun ||= line.startsWith(TRACER) || !Number.isNaN(this.ftrace.timeOf(bytes, 0, bytes.length));
    if (!this.begun) {
      this.report.otherLines++;
      return;
    }
    this.guard.push(bytes, 0, bytes.length, number);
  }
}

const shown = (text: string): string => text.slice(0, TEXT_SHOWN);

export const systrace: TraceFormat = {
  name: 'systrace',
  title: 'a systrace page (HTML)',
  recognise: (head) => PAGE.test(head.text),
  createReader: (context) => new SystraceReader(context),
};
