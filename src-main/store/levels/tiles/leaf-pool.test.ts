import { expect, it } from 'vitest';
import { LeafPool } from './leaf-pool.ts';

const newPool = (): LeafPool<{ start: Float64Array }> =>
  new LeafPool((capacity) => ({ start: new Float64Array(capacity) }));

it('reuses returned room for a request of the same size', () => {
  const pool = newPool();
  const small = pool.take(16);
  const large = pool.take(128);
  expect(large.columns.start).toHaveLength(128);
  pool.giveBack(small.columns, small.base, 16);
  pool.giveBack(large.columns, large.base, 128);
  expect(pool.take(128)).toEqual(large);
  expect(pool.take(16)).toEqual(small);
  expect(pool.take(16)).not.toEqual(small);
  expect(pool.take(128).columns).not.toBe(large.columns);
});

it('never hands out a row twice', () => {
  const pool = newPool();
  const owned = new Map<{ start: Float64Array }, Set<number>>();
  for (let n = 0; n < 5000; n++) {
    const capacity = 2 ** (1 + (n % 8));
    const { columns, base } = pool.take(capacity);
    expect(base + capacity).toBeLessThanOrEqual(columns.start.length);
    const rows = owned.get(columns) ?? new Set();
    owned.set(columns, rows);
    const before = rows.size;
    for (let row = base; row < base + capacity; row++) rows.add(row);
    expect(rows.size).toBe(before + capacity);
  }
});

it('gives many series that are small few columns', () => {
  let allocated = 0;
  const pool = new LeafPool((capacity) => {
    allocated++;
    return { start: new Float64Array(capacity) };
  });
  for (let n = 0; n < 10_000; n++) pool.take(2);
  expect(allocated).toBeLessThan(25);
});
