/**
 * Sums of a series while it is written: every {@link SUM_LEAVES} leaves, those of all leaves until then are stored, so
 * that a reader sums up fewer than that many itself.
 *
 * Hot: runs over the leaves of a full chunk at a time; allocates once in {@link SUM_LEAVES} leaves.
 */
import type { Ns } from '#shared/base/brands.ts';
import { CHUNK_NODES, type NodeColumns } from '../series.ts';
import type { LeafSums } from './leaf-sums.ts';
import { NumberWriter } from './number-list.ts';

const CHUNKS_A_SUM = 2;
/** Leaves from one stored sum to the next. */
export const SUM_LEAVES = CHUNKS_A_SUM * CHUNK_NODES;

const SUMS_PER_SERIES = 2 ** 23;

/** Primary key of the sums of a series' first `ordinal` * {@link SUM_LEAVES} leaves. */
export function sumId(series: number, ordinal: number): number {
  return series * SUMS_PER_SERIES + ordinal;
}

export interface SumSink {
  /** @param endNs where the last leaf ends */
  writeSum(id: number, endNs: Ns, data: Uint8Array<ArrayBuffer>): void;
}

export class SumBuilder<C extends NodeColumns> {
  private readonly series: number;
  private readonly sums: LeafSums<C>;
  private readonly sink: SumSink;
  private chunks = 0;

  constructor(series: number, sums: LeafSums<C>, sink: SumSink) {
    this.series = series;
    this.sums = sums;
    this.sink = sink;
  }

  /** Takes a chunk of leaves that change no more, the last of which ends at `endNs`. */
  addChunk(columns: C, endNs: Ns): void {
    for (let row = 0; row < CHUNK_NODES; row++) {
      this.sums.add(columns, row, row + 1 < CHUNK_NODES ? columns.start[row + 1]! : endNs, Infinity);
    }
    if (++this.chunks % CHUNKS_A_SUM !== 0) return;
    const list = new NumberWriter();
    this.sums.transfer(list);
    this.sink.writeSum(sumId(this.series, this.chunks / CHUNKS_A_SUM), endNs, list.take());
  }
}
