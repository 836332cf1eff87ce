/**
 * Builds the tiles of one lane while intervals arrive. See lane-tile.ts for what they are.
 *
 * A tile of level k + 1 is made when two of level k are complete. What waits for that is kept as it goes to the file.
 *
 * Hot: {@link LaneTileBuilder.push} runs for every interval of the trace and allocates only while a lane's
 * buffers grow and when a tile is complete.
 */
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import type { ChunkSink, LeavesListener } from './builder.ts';
import { encodeIndex, INDEX_LEVEL } from './lane-index.ts';
import {
  allocateEntries,
  decodeTile,
  encodeTile,
  type LaneCombinations,
  type LaneEntries,
  type LaneNodes,
  startOf,
  TILE_FAN_OUT,
  type LaneTile,
} from './lane-tile.ts';
import type { LaneWeight } from './lane-weight.ts';
import { CHUNK_NODES, chunkId } from './series.ts';

const FIRST_CAPACITY = 16;
/** Exponent of the finest resolution: a microsecond. */
const FINEST = 10;

interface Level {
  /** Exponents of the resolutions of its tiles; of level 0: empty. */
  readonly exponents: number[];
  /** Tiles so far, and those that wait for their parent. */
  tiles: number;
  readonly children: Uint8Array[];
}

export class LaneTileBuilder {
  readonly series: number;
  /** Intervals so far. */
  nodes = 0;
  /** Whether anything was added since {@link flush}. */
  dirty = false;
  /** Intervals of the tile being filled; {@link push} may replace it. */
  leaves: LaneEntries = allocateEntries(FIRST_CAPACITY);
  private readonly weightOf: LaneWeight;
  private readonly sink: ChunkSink;
  private readonly onLeaves: LeavesListener<LaneNodes> | null;
  private capacity = FIRST_CAPACITY;
  private length = 0;
  /** Starts of the tiles of level 0, the one being filled included. */
  private readonly startNs: number[] = [];
  private readonly levels: Level[] = [{ exponents: [], tiles: 0, children: [] }];

  /** @param onLeaves is shown the intervals of every full tile */
  constructor(
    series: number,
    weightOf: LaneWeight,
    sink: ChunkSink,
    onLeaves: LeavesListener<LaneNodes> | null = null,
  ) {
    this.series = series;
    this.weightOf = weightOf;
    this.sink = sink;
    this.onLeaves = onLeaves;
  }

  /** Row of the last interval in {@link leaves}, -1 where there is none. Its fields may be changed until the next push. */
  get lastRow(): number {
    return this.length - 1;
  }

  /** Ends the last interval at `startNs` and begins one there. Returns its row in {@link leaves}, to be filled in. */
  push(startNs: number): number {
    if (this.length === CHUNK_NODES) {
      this.onLeaves?.(this.leaves, startNs);
      this.complete(0, encodeTile(this.leaves, this.length, 0), startNs);
      this.length = 0;
    } else if (this.length === this.capacity) {
      this.grow();
    }
    if (this.length === 0) this.startNs.push(startNs);
    const row = this.length++;
    this.leaves.start[row] = startNs;
    this.dirty = true;
    this.nodes++;
    return row;
  }

  /** Tells that the last interval was changed after the last flush. */
  touch(): void {
    this.dirty = true;
  }

  /** Writes the tile that is not complete yet, and the index. */
  flush(): void {
    this.dirty = false;
    if (this.length === 0) return;
    const { series, sink, levels } = this;
    sink.writeChunk(chunkId(series, 0, levels[0]!.tiles), encodeTile(this.leaves, this.length, 0));
    const exponents = levels.map((level) => level.exponents);
    sink.writeChunk(chunkId(series, INDEX_LEVEL, 0), encodeIndex(this.startNs, exponents));
  }

  /** A tile that ends at `endNs` will not change any more. */
  private complete(k: number, tile: Uint8Array<ArrayBuffer>, endNs: number): void {
    const level = (this.levels[k] ??= { exponents: [], tiles: 0, children: [] });
    this.sink.writeChunk(chunkId(this.series, k, level.tiles++), tile);
    level.children.push(tile);
    if (level.children.length < TILE_FAN_OUT) return;
    const children = level.children.map(decodeTile);
    level.children.length = 0;
    const ends = children.map((_, c) => children[c + 1]?.startNs ?? endNs);
    const exponent = mergeTiles(children, ends, this.weightOf);
    const above = (this.levels[k + 1] ??= { exponents: [], tiles: 0, children: [] });
    above.exponents.push(exponent);
    this.complete(k + 1, encodeTile(scratch, mergedLength, 2 ** exponent), endNs);
  }

  private grow(): void {
    const grown = allocateEntries(this.capacity * 2);
    const { leaves } = this;
    grown.start.set(leaves.start);
    grown.lwp.set(leaves.lwp);
    grown.sync.set(leaves.sync);
    grown.cpu.set(leaves.cpu);
    grown.state.set(leaves.state);
    grown.flags.set(leaves.flags);
    this.leaves = grown;
    this.capacity *= 2;
  }
}

const scratch = allocateEntries(CHUNK_NODES);
let mergedLength = 0;

/** Merges consecutive tiles that end at `ends` into the scratch; returns the exponent of the resolution. */
function mergeTiles(children: readonly LaneTile[], ends: readonly number[], weightOf: LaneWeight): number {
  const spanNs = ends.at(-1)! - children[0]!.startNs;
  // At a resolution of twice the mean there can be no more entries than fit; look how much finer it can be.
  let exponent = Math.max(FINEST, Math.floor(Math.log2((2 * spanNs) / CHUNK_NODES)) - 3);
  for (const child of children) {
    if (child.resolutionNs > 0) exponent = Math.max(exponent, Math.log2(child.resolutionNs));
  }
  for (;;) {
    mergedLength = mergeInto(scratch, children, ends, 2 ** exponent, weightOf);
    if (mergedLength >= 0) return exponent;
    exponent++;
  }
}

/** Merges at a resolution; returns the number of entries, -1 where there is no room for them. Hot: allocates nothing. */
function mergeInto(
  into: LaneEntries,
  children: readonly LaneTile[],
  ends: readonly number[],
  resolutionNs: number,
  weightOf: LaneWeight,
): number {
  let length = 0;
  /** Bucket of the last entry while narrow ones may still join it, else -1; and what it weighs. */
  let bucket = -1;
  let heaviest = 0;
  for (let c = 0; c < children.length; c++) {
    const tile = children[c]!;
    const { startAfter, longest, code, lwp, state, flags } = tile;
    const last = tile.length - 1;
    for (let row = 0; row <= last; row++) {
      const startNs = tile.startNs + startAfter[row]!;
      const ns = (row < last ? startOf(tile, row + 1) : ends[c]!) - startNs;
      const is = code[row]!;
      const longestNs = longest[row] === 0 ? ns : longest[row]!;
      if (ns > resolutionNs) {
        if (length === CHUNK_NODES) return -1;
        put(into, length++, tile, is, startNs, longest[row]!);
        bucket = -1;
        continue;
      }
      const weight = weightOf(state[is]!, lwp[is]!, longestNs);
      const at = Math.floor(startNs / resolutionNs);
      if (at !== bucket) {
        if (length === CHUNK_NODES) return -1;
        put(into, length++, tile, is, startNs, longest[row]!);
        bucket = at;
        heaviest = weight;
        continue;
      }
      const entry = length - 1;
      const uncertain = (into.flags[entry]! | flags[is]!) & LANE_FLAG.uncertain;
      if (weight > heaviest) {
        heaviest = weight;
        put(into, entry, tile, is, into.start[entry]!, longestNs);
      } else if (into.longest[entry] === 0) {
        into.longest[entry] = startNs - into.start[entry]!;
      }
      into.flags[entry] = into.flags[entry]! | uncertain | LANE_FLAG.merged;
    }
  }
  return length;
}

function put(
  into: LaneEntries,
  at: number,
  from: LaneCombinations,
  is: number,
  startNs: number,
  longestNs: number,
): void {
  into.start[at] = startNs;
  into.longest[at] = longestNs;
  into.lwp[at] = from.lwp[is]!;
  into.sync[at] = from.sync[is]!;
  into.cpu[at] = from.cpu[is]!;
  into.state[at] = from.state[is]!;
  into.flags[at] = from.flags[is]!;
}
