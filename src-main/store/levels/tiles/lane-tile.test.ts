import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ns } from '#shared/base/brands.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';
import { allocateEntries, decodeTile, encodeTile, type LaneEntries, type LaneTile } from './lane-tile.ts';
import { laneTileKind } from './lane-tile-kind.ts';
import { lwpLaneWeight } from './lane-weight.ts';
import { LeafPool } from './leaf-pool.ts';
import { CHUNK_NODES, chunkId, SERIES } from '../series.ts';
import { TileBuilder } from './tile-builder.ts';
import { decodeIndex, INDEX_LEVEL, type TileIndex } from './tile-index.ts';
import { startOf, TILE_FAN_OUT } from './tile.ts';

const entry = fc.record({
  ns: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5e9 })),
  longest: fc.integer({ min: 0, max: 5e9 }),
  lwp: fc.integer({ min: -1, max: 1 << 22 }),
  sync: fc.integer({ min: -1, max: 3 }),
  cpu: fc.integer({ min: -1, max: 255 }),
  state: fc.integer({ min: 0, max: 9 }),
  flags: fc.integer({ min: 0, max: 7 }),
});

const startsOf = (tile: LaneTile): number[] =>
  Array.from({ length: tile.length }, (_, row) => startOf(tile, row));

const FIELDS = ['lwp', 'sync', 'cpu', 'state', 'flags'] as const;

describe('a tile', () => {
  it('survives being packed', () => {
    const tiles = fc.record({
      rows: fc.array(entry, { minLength: 1, maxLength: CHUNK_NODES }),
      resolutionNs: fc.constantFrom(0, 1024, 2 ** 40),
    });
    fc.assert(
      fc.property(tiles, ({ rows, resolutionNs }) => {
        const entries = allocateEntries(rows.length);
        let timeNs = 7;
        rows.forEach((row, i) => {
          entries.start[i] = timeNs += row.ns;
          entries.longest[i] = row.longest;
          for (const field of FIELDS) entries[field][i] = row[field];
        });
        const back = decodeTile(encodeTile(entries, rows.length, resolutionNs));
        expect([back.length, back.resolutionNs]).toEqual([rows.length, resolutionNs]);
        expect(startsOf(back)).toEqual([...entries.start]);
        expect([...back.longest.subarray(0, back.length)]).toEqual([...entries.longest]);
        for (const field of FIELDS) {
          expect([...back.code].map((is) => back[field][is])).toEqual([...entries[field]]);
        }
      }),
    );
  });

  it('is refused where its bytes are any others', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => decodeTile(bytes)).toThrow(/a tile/);
      }),
    );
  });
});

/** All tiles of a lane by level and their index, from intervals of these lengths. */
function build(
  lengths: readonly number[],
  stateOf: (i: number) => number,
): { levels: LaneTile[][]; index: TileIndex } {
  const chunks = new Map<number, Uint8Array>();
  const sink = { writeChunk: (id: number, data: Uint8Array): unknown => chunks.set(id, data) };
  const builder = new TileBuilder(1, 0, {
    kind: SERIES.lwpLane,
    tiles: laneTileKind(lwpLaneWeight),
    sink,
    pool: new LeafPool(allocateEntries),
    listenerOf: null,
  });
  let timeNs = 0;
  lengths.forEach((ns, i) => {
    const row = builder.push(timeNs);
    const { leaves }: { leaves: LaneEntries } = builder;
    leaves.lwp[row] = -1;
    leaves.sync[row] = -1;
    leaves.cpu[row] = i % 3;
    leaves.state[row] = stateOf(i);
    leaves.flags[row] = i === 700 ? LANE_FLAG.uncertain : 0;
    timeNs += ns;
  });
  builder.flush();
  const levels: LaneTile[][] = [];
  for (let level = 0; chunks.has(chunkId(1, level, 0)); level++) {
    levels.push([]);
    for (let at = 0; chunks.has(chunkId(1, level, at)); at++) {
      levels[level]!.push(decodeTile(chunks.get(chunkId(1, level, at))!));
    }
  }
  return { levels, index: decodeIndex(chunks.get(chunkId(1, INDEX_LEVEL, 0))!, lengths.length) };
}

describe('tiles above level 0', () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return (seed >>> 8) % below;
  };
  // Mostly short, a long one now and then.
  const lengths = Array.from({ length: 40_000 }, () => 1 + random(random(50) === 0 ? 3_000_000 : 9000));
  const { levels, index } = build(
    lengths,
    (i) => [LANE_STATE.running, LANE_STATE.blocked, LANE_STATE.exited][i % 3]!,
  );

  /** The tiles with when they end, where those above stand for something complete. */
  const tiles = levels.flatMap((all, level) =>
    all.map((tile, at) => ({
      level,
      at,
      tile,
      startNs: tile.startNs,
      endNs: index.startNs[(at + 1) * TILE_FAN_OUT ** level] ?? Infinity,
    })),
  );
  const above = tiles.filter(({ level }) => level > 0);

  it('stand for two tiles each', () => {
    expect(levels.map((all) => all.length)).toEqual([79, 39, 19, 9, 4, 2, 1]);
    for (const { level, at, startNs } of above) {
      expect(startNs).toBe(levels[level - 1]![at * TILE_FAN_OUT]!.startNs);
    }
  });

  it('are listed in the index with their starts and resolutions', () => {
    expect(index.counts).toEqual(levels.map((all) => all.length));
    expect([...index.startNs]).toEqual(levels[0]!.map((tile) => tile.startNs));
    for (const { level, at, tile } of above) expect(index.resolutionNs[level]![at]).toBe(tile.resolutionNs);
  });

  it('are as fine as fits', () => {
    for (const { tile, startNs, endNs } of above) {
      expect(tile.resolutionNs).toBeLessThanOrEqual((4 * (endNs - startNs)) / CHUNK_NODES);
      expect(tile.length).toBeGreaterThan(CHUNK_NODES / 8);
    }
  });

  it('hold every longer interval as it is, and of several shorter ones the longest that shows something', () => {
    const all: { startNs: Ns; endNs: Ns; state: number }[] = [];
    let timeNs = 0;
    lengths.forEach((ns, i) => {
      all.push({
        startNs: timeNs,
        endNs: (timeNs += ns),
        state: [LANE_STATE.running, LANE_STATE.blocked, LANE_STATE.exited][i % 3]!,
      });
    });
    for (const { tile, endNs } of above.filter(({ at }) => at === 0)) {
      let checked = 0;
      for (let row = 0; row < tile.length; row++) {
        const from = startOf(tile, row);
        const to = row + 1 < tile.length ? startOf(tile, row + 1) : endNs;
        const inside = all.filter((interval) => interval.startNs >= from && interval.endNs <= to);
        const flags = tile.flags[tile.code[row]!]!;
        if (inside.length === 1) {
          expect([tile.longest[row], flags & LANE_FLAG.merged]).toEqual([0, 0]);
          continue;
        }
        expect(inside.every((interval) => interval.endNs - interval.startNs <= tile.resolutionNs)).toBe(true);
        const shown = inside.filter((interval) => interval.state !== LANE_STATE.exited);
        const longest = Math.max(...shown.map((interval) => interval.endNs - interval.startNs));
        const states = shown.filter((interval) => interval.endNs - interval.startNs === longest);
        expect(tile.longest[row]).toBe(longest);
        expect(states.map(({ state }) => state)).toContain(tile.state[tile.code[row]!]);
        checked++;
      }
      expect(checked).toBeGreaterThan(20);
    }
  });

  it('do not lose that something is uncertain', () => {
    for (const { tile } of above.filter(({ at }) => at === 0)) {
      const uncertain = [...tile.code].filter((is) => (tile.flags[is]! & LANE_FLAG.uncertain) !== 0);
      expect(uncertain.length).toBe(1);
    }
  });
});
