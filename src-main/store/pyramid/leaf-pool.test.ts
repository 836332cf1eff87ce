import { expect, it } from 'vitest';
import { LeafPool } from './leaf-pool.ts';

it('hands out what it was given back, to whoever wants as much', () => {
  const pool = new LeafPool((capacity) => ({ start: new Float64Array(capacity) }));
  const small = pool.take(16);
  const large = pool.take(32);
  expect(small.start).toHaveLength(16);
  pool.giveBack(small);
  pool.giveBack(large);
  expect(pool.take(32)).toBe(large);
  expect(pool.take(16)).toBe(small);
  expect(pool.take(16)).not.toBe(small);
});
