/** The rows that follow the cursor, fetched before they are needed: for playing row by row. */
import type { Ns, Seq } from '#shared/base/brands.ts';
import type { EventColumns } from '#shared/api/contract.ts';
import type { Row } from '../trace-data/playback-clock.ts';

/** Where to read on: behind a row, or behind all rows at or before a time. */
export type ReadFrom = { readonly sequence: Seq } | { readonly timeNs: Ns };

/** Rows fetched at a time: a second of playing at the highest rate. */
const CHUNK_ROWS = 10_000;
/** With fewer left than this the next chunk is asked for. */
const REFILL_AT = CHUNK_ROWS / 2;

type Chunk = Pick<EventColumns, 'sequence' | 'timeNs'>;

export class RowsAhead {
  private readonly ask: (from: ReadFrom, rows: number) => Promise<Chunk>;
  private readonly onError: (thrown: unknown) => void;
  private chunks: Chunk[] = [];
  /** Place in the first chunk of the next row. */
  private at = 0;
  private inFlight = false;
  private complete = false;
  private generation = 0;

  /** @param ask rows behind `from` in order, fewer than `rows` at the end of the trace only */
  constructor(
    ask: (from: ReadFrom, rows: number) => Promise<Chunk>,
    onError: (thrown: unknown) => void = () => undefined,
  ) {
    this.ask = ask;
    this.onError = onError;
  }

  /** Forgets what it has and reads on behind `from`. */
  restart(from: ReadFrom): void {
    this.generation++;
    this.chunks = [];
    this.at = 0;
    this.complete = false;
    this.inFlight = false;
    this.fetch(from);
  }

  /** Whether everything up to the end of the trace has been taken. */
  get atEnd(): boolean {
    return this.complete && this.left === 0;
  }

  /**
   * Takes up to `rows` rows and answers with the last of them; null where none is there, or none yet.
   *
   * @param untilNs rows after this time are left
   */
  take(rows: number, untilNs = Infinity): Row | null {
    let last: Row | null = null;
    for (let taken = 0; taken < rows; taken++) {
      const chunk = this.chunks[0];
      if (chunk === undefined || chunk.timeNs[this.at]! > untilNs) break;
      last = { sequence: chunk.sequence[this.at]!, timeNs: chunk.timeNs[this.at]! };
      if (++this.at === chunk.sequence.length) {
        this.chunks.shift();
        this.at = 0;
      }
    }
    const end = this.chunks.at(-1)?.sequence.at(-1) ?? last?.sequence;
    if (end !== undefined && this.left < REFILL_AT && !this.complete) this.fetch({ sequence: end });
    return last;
  }

  /** Time of the row that {@link take} gives next; null where it is not known. */
  get nextNs(): Ns | null {
    return this.chunks[0]?.timeNs[this.at] ?? null;
  }

  private get left(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.sequence.length, 0) - this.at;
  }

  private fetch(from: ReadFrom): void {
    if (this.inFlight) return;
    this.inFlight = true;
    const { generation } = this;
    this.ask(from, CHUNK_ROWS).then(
      (chunk) => {
        if (generation !== this.generation) return;
        this.inFlight = false;
        if (chunk.sequence.length < CHUNK_ROWS) this.complete = true;
        if (chunk.sequence.length > 0) this.chunks.push(chunk);
      },
      (thrown: unknown) => {
        if (generation !== this.generation) return;
        // Not asked again until the next start: what failed once would fail with every frame.
        this.complete = true;
        this.onError(thrown);
      },
    );
  }
}
