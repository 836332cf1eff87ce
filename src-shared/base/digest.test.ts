import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Digest } from './digest.ts';

function digestOf(values: readonly number[]): string {
  const digest = new Digest();
  for (const value of values) digest.add(value);
  return digest.hex();
}

test('the same values give the same digest, and reading it does not change it', () => {
  const digest = new Digest();
  digest.add(1);
  expect(digest.hex()).toBe(digest.hex());
  digest.add(2);
  expect(digest.hex()).toBe(digestOf([1, 2]));
});

test('one flipped bit anywhere changes it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1, maxLength: 50 }),
      fc.nat(),
      fc.integer({ min: 0, max: 31 }),
      (values, where, bit) => {
        const flipped = values.slice();
        flipped[where % values.length]! ^= 1 << bit;
        expect(digestOf(flipped)).not.toBe(digestOf(values));
      },
    ),
  );
});

test('order and length count', () => {
  expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
  expect(digestOf([0])).not.toBe(digestOf([0, 0]));
  expect(digestOf([])).not.toBe(digestOf([0]));
});

test('a wide value is more than its low 32 bits', () => {
  const low = new Digest();
  low.addWide(5);
  const high = new Digest();
  high.addWide(5 + 2 ** 32);
  expect(low.hex()).not.toBe(high.hex());
});
