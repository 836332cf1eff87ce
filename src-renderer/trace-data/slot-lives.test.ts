import { expect, it } from 'vitest';
import { SlotLives } from './slot-lives.ts';

it('counts how often a slot was allocated up to a row', () => {
  const lives = new SlotLives();
  lives.add({
    sequence: Float64Array.of(10, 20, 30, 40, 50),
    object: Int32Array.of(3, 4, 3, 3, 3),
    newValue: Int32Array.of(1, 1, 0, 1, 0),
  });
  lives.add({
    sequence: Float64Array.of(60),
    object: Int32Array.of(3),
    newValue: Int32Array.of(1),
  });
  expect([9, 10, 39, 40, 55, 60].map((sequence) => lives.allocations(3, sequence))).toEqual([
    0, 1, 1, 2, 2, 3,
  ]);
  expect(lives.allocations(4, 100)).toBe(1);
  expect(lives.allocations(9, 100)).toBe(0);
});
