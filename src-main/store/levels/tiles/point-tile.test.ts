import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ns } from '#shared/base/brands.ts';
import { WINDOW_END } from '#shared/model/enums.ts';
import { LeafPool } from './leaf-pool.ts';
import { DECISION_POINTS, WAKEUP_POINTS, WINDOW_POINTS, type WindowNodes } from './points.ts';
import { CHUNK_NODES, chunkId, SERIES } from '../series.ts';
import type { PointTile } from './point-tile.ts';
import { TileBuilder } from './tile-builder.ts';
import { decodeIndex, INDEX_LEVEL } from './tile-index.ts';

const FIELDS = [
  'start',
  'duration',
  'deferredAfter',
  'yieldAfter',
  'yieldedAfter',
  'sequence',
  'rows',
  'deferrals',
  'ending',
] as const;

const after = fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 9e9 }));
const node = fc.record({
  start: fc.integer({ min: 1, max: 5e9 }),
  duration: after,
  deferredAfter: after,
  yieldAfter: after,
  yieldedAfter: after,
  sequence: fc.nat(),
  rows: fc.integer({ min: -1, max: 1000 }),
  deferrals: fc.nat({ max: 3 }),
  ending: fc.constantFrom(...Object.values(WINDOW_END)),
});

describe('a tile of points', () => {
  it('survives being packed', () => {
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: CHUNK_NODES }), (nodes) => {
        const entries = WINDOW_POINTS.allocate(nodes.length);
        let timeNs = 0;
        nodes.forEach((one, row) => {
          for (const field of FIELDS) entries[field][row] = one[field];
          entries.start[row] = timeNs += one.start;
        });
        const back = WINDOW_POINTS.decode(0, WINDOW_POINTS.encode(0, entries, nodes.length, 0));
        expect([back.length, back.resolutionNs]).toEqual([nodes.length, 0]);
        for (const field of FIELDS) {
          expect([...back[field].subarray(0, back.length)], field).toEqual([...entries[field]]);
        }
        expect([...back.count.subarray(0, back.length)]).toEqual(nodes.map(() => 1));
      }),
    );
  });

  it.each([WINDOW_POINTS, DECISION_POINTS, WAKEUP_POINTS])(
    'is refused where its bytes are any others',
    (kind) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 2 }), (bytes, level) => {
          expect(() => kind.decode(level, bytes)).toThrow(/a tile/);
        }),
      );
    },
  );
});

describe('tiles of points above level 0', () => {
  let seed = 3;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return (seed >>> 8) % below;
  };
  const starts: number[] = [];
  let timeNs = 0;
  for (let i = 0; i < 20_000; i++) starts.push((timeNs += 1 + random(random(40) === 0 ? 5_000_000 : 9000)));
  const endings = starts.map(() => random(5));

  const chunks = new Map<number, Uint8Array>();
  const sink = { writeChunk: (id: number, data: Uint8Array): unknown => chunks.set(id, data.slice()) };
  const builder = new TileBuilder(1, 0, {
    kind: SERIES.windows,
    tiles: WINDOW_POINTS,
    sink,
    pool: new LeafPool((capacity) => WINDOW_POINTS.allocate(capacity)),
    listenerOf: null,
  });
  starts.forEach((startNs, i) => {
    const row = builder.push(startNs);
    const { leaves } = builder;
    for (const field of FIELDS) if (field !== 'start') leaves[field][row] = -1;
    leaves.duration[row] = 1;
    leaves.sequence[row] = i + 1;
    leaves.deferrals[row] = i % 3;
    leaves.ending[row] = endings[i]!;
  });
  builder.flush();
  const index = decodeIndex(chunks.get(chunkId(1, INDEX_LEVEL, 0))!, starts.length);
  const tilesOf = (level: number): PointTile<WindowNodes>[] =>
    Array.from({ length: index.counts[level]! }, (_, at) =>
      WINDOW_POINTS.decode(level, chunks.get(chunkId(1, level, at))!),
    );

  it('stand for every point of their time once, those of an entry in one bucket', () => {
    expect(index.counts.length).toBeGreaterThan(4);
    for (let level = 1; level < index.counts.length; level++) {
      let first = 0;
      for (const [at, tile] of tilesOf(level).entries()) {
        expect(tile.resolutionNs).toBe(index.resolutionNs[level]![at]);
        for (let row = 0; row < tile.length; row++) {
          const last = first + tile.count[row]! - 1;
          expect([tile.start[row], tile.sequence[row]]).toEqual([starts[first], first + 1]);
          const bucketOf = (startNs: Ns): number => Math.floor(startNs / tile.resolutionNs);
          expect(bucketOf(starts[last]!)).toBe(bucketOf(starts[first]!));
          expect(tile.start[row]! + tile.duration[row]!).toBe(starts[last]! + 1);
          const deferrals = starts.slice(first, last + 1).reduce((sum, _, i) => sum + ((first + i) % 3), 0);
          expect(tile.deferrals[row]).toBe(deferrals);
          first = last + 1;
        }
      }
      expect(first).toBe(Math.min(starts.length, index.counts[level]! * CHUNK_NODES * 2 ** level));
    }
  });

  it('are as fine as fits', () => {
    for (let level = 1; level < index.counts.length; level++) {
      for (const tile of tilesOf(level)) expect(tile.length).toBeGreaterThan(CHUNK_NODES / 8);
    }
  });
});
