/**
 * A lock log: what a program wrote down of its own lock, one line for each acquisition.
 *
 *     tid,want_ns,acq_ns,rel_ns[,lock]
 *     11669,1360312566448,1360312566518,1360313076659
 *
 * The first line names the columns, in any order; others than these are passed over. Times are nanoseconds
 * on the clock of the trace that it belongs to: when the thread began to try, when it had the lock, and just
 * before it gave it back. Without `want_ns` no waits are known. An empty `rel_ns` is a lock that was never given
 * back, an empty `acq_ns` one that the thread never got: the rows of a hang, as a program leaves them that was
 * killed.
 */
import { basename } from 'node:path';
import type { ColumnOf, Ns } from '#shared/base/brands.ts';
import { csvFields } from '#shared/base/csv.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { FileIdentities } from '../../files/file-identity.ts';
import { ReportBuilder, type Skip } from '../import-report.ts';
import { LineScanner } from '../input/line-scanner.ts';
import { SourceFile } from '../input/source-file.ts';
import { UnreadLimit } from '../input/unread-limit.ts';
import { THREAD_ID_LIMIT } from '../scheduler-model/threads.ts';

/**
 * More than any one run writes; 36 bytes each are held. A log with more is refused: of a part of the acquisitions all
 * sums would be wrong, and a pipe may never end.
 */
const MAX_ACQUISITIONS = 8_000_000;
const MAX_LOCKS = 4096;
/** Name of the format. */
export const LOCK_LOG = 'lock-log';
const COLUMNS = ['tid', 'want_ns', 'acq_ns', 'rel_ns'];
const REQUIRED_COLUMNS = COLUMNS.filter((column) => column !== 'want_ns');

/** What is read of one log. */
export interface LockLogLimits {
  readonly acquisitions: number;
  /** Text without an acquisition; that of a trace without an event where it is not given. */
  readonly unreadBytes?: number;
}

/** Rows `0 .. count - 1`, in the order of the file. */
export interface LockLog {
  readonly fileName: string;
  readonly count: number;
  readonly tid: Int32Array;
  /** Times since {@link baseNs}; Infinity for what never happened. */
  readonly wantNs: ColumnOf<Float64Array, Ns>;
  readonly acquiredNs: ColumnOf<Float64Array, Ns>;
  readonly releasedNs: ColumnOf<Float64Array, Ns>;
  /** Index into {@link lockNames}. */
  readonly lock: Int32Array;
  readonly lockNames: readonly string[];
  /** False where the log has no column of names: it is then of one lock, called like the file. */
  readonly namesLocks: boolean;
  /** What all times count from: nanoseconds of the log's clock. */
  readonly baseNs: bigint;
  /** First and last time in the log, since {@link baseNs}. */
  readonly firstNs: Ns;
  readonly lastNs: Ns;
  /** Whether some lock is wanted or held for good. */
  readonly isOpen: boolean;
  readonly skipped: readonly Skip[];
}

/** Whether a text begins with a lock log's names of columns. */
export const isLockLog = (firstLine: string): boolean => {
  const names = namesOfColumns(csvFields(firstLine));
  return REQUIRED_COLUMNS.every((column) => names.includes(column));
};

const namesOfColumns = (cells: readonly string[]): readonly string[] =>
  cells.map((cell) => cell.trim().toLowerCase());

/**
 * Reads a lock log, plain or gzip.
 *
 * @param identities which file the name has to lead to
 * @param limits beyond which it is refused
 * @throws WorkbenchError 'not-found', 'unreadable'; 'import-failed' where it is no lock log, has no
 *   readable line, too many acquisitions, or goes on and on without one
 */
export async function readLockLog(
  path: string,
  identities?: FileIdentities,
  limits: LockLogLimits = { acquisitions: MAX_ACQUISITIONS },
): Promise<LockLog> {
  const source = await SourceFile.open(path, identities);
  try {
    const builder = new LockLogBuilder(path, limits.acquisitions);
    const scanner = new LineScanner(
      (bytes, start, end, number) => builder.readLine(bytes.toString('utf8', start, end), number),
      (number, text) => builder.skip('the line is too long', number, text),
    );
    const unread = new UnreadLimit(basename(path), () => builder.acquisitions, limits.unreadBytes, {
      event: 'acquisition',
      file: 'lock log',
    });
    for await (const chunk of source.chunks()) {
      scanner.push(chunk);
      unread.read(chunk.length, scanner.lines);
    }
    scanner.end();
    return builder.finish();
  } finally {
    await source.close();
  }
}

class LockLogBuilder {
  private readonly path: string;
  private readonly mostAcquisitions: number;
  private readonly report = new ReportBuilder();
  private header: ReadonlyMap<string, number> | null = null;
  private count = 0;
  private capacity = 4096;
  private tid = new Int32Array(this.capacity);
  private wantNs = new Float64Array(this.capacity);
  private acquiredNs = new Float64Array(this.capacity);
  private releasedNs = new Float64Array(this.capacity);
  private lock = new Int32Array(this.capacity);
  private readonly lockIds = new Map<string, number>();
  private base: bigint | null = null;
  private firstNs = Infinity;
  private lastNs = -Infinity;
  private isOpen = false;
  private firstSkipped = '';

  constructor(path: string, mostAcquisitions: number) {
    this.path = path;
    this.mostAcquisitions = mostAcquisitions;
  }

  /** How many have been read by now. */
  get acquisitions(): number {
    return this.count;
  }

  readLine(text: string, number: number): void {
    if (text.trim() === '') return;
    const cells = csvFields(text);
    if (this.header === null) {
      this.header = this.readHeader(cells, text);
      return;
    }
    const reason = this.readRow(cells, this.header);
    if (reason !== null) this.skip(reason, number, text);
  }

  skip(reason: string, number: number, text: string): void {
    if (this.firstSkipped === '') this.firstSkipped = `line ${number}: ${reason}`;
    this.report.skip(reason, number, text);
  }

  finish(): LockLog {
    const name = basename(this.path);
    if (this.header === null) throw notALockLog(this.path, `${name} is empty`);
    if (this.count === 0) {
      throw notALockLog(
        this.path,
        `${name} has no readable acquisition${this.firstSkipped === '' ? '' : ` (${this.firstSkipped})`}`,
      );
    }
    return {
      fileName: name,
      count: this.count,
      tid: this.tid.subarray(0, this.count),
      wantNs: this.wantNs.subarray(0, this.count),
      acquiredNs: this.acquiredNs.subarray(0, this.count),
      releasedNs: this.releasedNs.subarray(0, this.count),
      lock: this.lock.subarray(0, this.count),
      lockNames: [...this.lockIds.keys()],
      namesLocks: this.header.has('lock'),
      baseNs: this.base!,
      firstNs: this.firstNs,
      lastNs: this.lastNs,
      isOpen: this.isOpen,
      skipped: this.report.skipped,
    };
  }

  private readHeader(cells: readonly string[], text: string): ReadonlyMap<string, number> {
    const header = new Map(namesOfColumns(cells).map((name, index) => [name, index]));
    const missing = REQUIRED_COLUMNS.filter((column) => !header.has(column));
    if (missing.length > 0) {
      throw notALockLog(
        this.path,
        `${basename(this.path)} does not begin with a line that names the columns ${missing.join(', ')}: ${text.slice(0, 160)}`,
      );
    }
    return header;
  }

  /** Null where the row was taken, else why it was not. */
  private readRow(cells: readonly string[], header: ReadonlyMap<string, number>): string | null {
    const cell = (name: string): string => cells[header.get(name) ?? -1]?.trim() ?? '';
    const tid = Number(cell('tid'));
    if (!/^\d{1,9}$/.test(cell('tid')) || tid === 0 || tid >= THREAD_ID_LIMIT) return 'it has no thread id';
    const acquired = cell('acq_ns') === '' ? Infinity : this.sinceBase(cell('acq_ns'));
    const released = cell('rel_ns') === '' ? Infinity : this.sinceBase(cell('rel_ns'));
    const want = header.has('want_ns') ? this.sinceBase(cell('want_ns')) : acquired;
    if (want === Infinity) return 'it has no time';
    if (Number.isNaN(acquired) || Number.isNaN(released) || Number.isNaN(want)) {
      return 'a time of it is not a number of nanoseconds';
    }
    if (want > acquired) return 'it has the lock before it wants it';
    if (acquired > released) return 'it gives the lock back before it has it';
    if (this.count === this.mostAcquisitions) throw tooMany(this.path, this.mostAcquisitions);
    const lockName = header.has('lock') ? cell('lock') : lockNameOf(this.path);
    let lock = this.lockIds.get(lockName);
    if (lock === undefined) {
      if (this.lockIds.size === MAX_LOCKS) return `there are more than ${MAX_LOCKS} locks`;
      lock = this.lockIds.size;
      this.lockIds.set(lockName, lock);
    }
    if (this.count === this.capacity) this.grow();
    const row = this.count++;
    this.tid[row] = tid;
    this.wantNs[row] = want;
    this.acquiredNs[row] = acquired;
    this.releasedNs[row] = released;
    this.lock[row] = lock;
    this.firstNs = Math.min(this.firstNs, want);
    if (released === Infinity) this.isOpen = true;
    const last = released < Infinity ? released : acquired < Infinity ? acquired : want;
    this.lastNs = Math.max(this.lastNs, last);
    return null;
  }

  /** Nanoseconds since the first time read; NaN for what is no time, or too far from it to be exact. */
  private sinceBase(text: string): number {
    if (!/^\d{1,19}$/.test(text)) return NaN;
    const ns = BigInt(text);
    this.base ??= ns;
    const since = Number(ns - this.base);
    return Number.isSafeInteger(since) ? since : NaN;
  }

  private grow(): void {
    this.capacity *= 2;
    const int = (column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const next = new Int32Array(this.capacity);
      next.set(column);
      return next;
    };
    const float = (column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const next = new Float64Array(this.capacity);
      next.set(column);
      return next;
    };
    this.tid = int(this.tid);
    this.lock = int(this.lock);
    this.wantNs = float(this.wantNs);
    this.acquiredNs = float(this.acquiredNs);
    this.releasedNs = float(this.releasedNs);
  }
}

/** A log without names is of one lock: it is called like the file. */
const lockNameOf = (path: string): string => basename(path).replace(/(\.csv)?(\.gz)?$/i, '');

function tooMany(file: string, most: number): WorkbenchError {
  const name = basename(file);
  return new WorkbenchError(
    'import-failed',
    `${name} has more than ${most.toLocaleString('en')} acquisitions, which is all that is read of a lock log: give those from the time of the trace only.`,
    { file },
  );
}

function notALockLog(file: string, what: string): WorkbenchError {
  return new WorkbenchError(
    'import-failed',
    `${what}. A lock log is a CSV file whose first line names its columns: ${COLUMNS.join(',')} (nanoseconds on the clock of the trace).`,
    { file, expected: COLUMNS.join(',') },
  );
}
