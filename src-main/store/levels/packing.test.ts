import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packColumns, unpackColumns } from './packing.ts';

const whole = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: -300, max: 300 }),
  fc.integer({ min: -70_000, max: 70_000 }),
  fc.integer({ min: 0, max: 5e9 }),
  fc.maxSafeInteger(),
);

it('columns of whole numbers survive being packed', () => {
  const columns = fc
    .integer({ min: 1, max: 256 })
    .chain((length) =>
      fc.array(fc.array(whole, { minLength: length, maxLength: length }), { minLength: 1, maxLength: 9 }),
    );
  fc.assert(
    fc.property(columns, (values) => {
      const packed = packColumns(values, values[0]!.length);
      const back = unpackColumns(packed, values.length, 256, (_, length) => new Float64Array(length));
      expect(back.map((column) => [...column])).toEqual(values);
    }),
  );
});

it('a column takes as many bytes as its range needs', () => {
  const sizeOf = (column: number[]): number => packColumns([column], column.length).byteLength;
  const empty = sizeOf([7e12, 7e12, 7e12, 7e12]);
  expect(sizeOf([7e12, 7e12 + 255, 7e12, 7e12]) - empty).toBe(4);
  expect(sizeOf([7e12, 7e12 + 256, 7e12, 7e12]) - empty).toBe(8);
  expect(sizeOf([0, 4e9, 0, 0]) - empty).toBe(16);
  expect(sizeOf([0, 5e9, 0, 0]) - empty).toBe(32);
});

it('any other bytes are refused or read as something of the right shape', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        const columns = unpackColumns(bytes, 3, 256, (_, length) => new Float64Array(length));
        expect(columns).toHaveLength(3);
      } catch (thrown) {
        expect(thrown).toMatchObject({ name: 'InvariantError' });
      }
    }),
    { numRuns: 500 },
  );
});
