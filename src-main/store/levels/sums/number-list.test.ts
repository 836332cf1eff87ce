import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NumberReader, NumberWriter, transferColumn, transferMap } from './number-list.ts';

it('numbers come back as they were written', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1, max: 2 ** 53 - 2 })), (numbers) => {
      const writer = new NumberWriter();
      for (const number of numbers) writer.next(number);
      const reader = new NumberReader(writer.take());
      expect(numbers.map(() => reader.next())).toEqual(numbers);
      expect(() => reader.next()).toThrow(/cut short/);
    }),
  );
});

it('columns and maps come back as they were', () => {
  const column = Float64Array.of(0, 5, 0, 7e14, 0);
  const map = new Map([
    [3, { count: 1 }],
    [1, { count: 2 }],
  ]);
  const writer = new NumberWriter();
  transferColumn(writer, column);
  transferMap(
    writer,
    map,
    () => ({ count: 0 }),
    (value) => (value.count = writer.next(value.count)),
  );
  const reader = new NumberReader(writer.take());
  const readColumn = new Float64Array(5);
  transferColumn(reader, readColumn);
  expect(readColumn).toEqual(column);
  const readMap = new Map<number, { count: number }>();
  transferMap(
    reader,
    readMap,
    () => ({ count: 0 }),
    (value) => (value.count = reader.next()),
  );
  expect([...readMap]).toEqual([...map]);
});

it('bytes of anybody else give an error, and no more memory than they have bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const map = new Map<number, object>();
      const reader = new NumberReader(bytes);
      try {
        transferColumn(reader, new Float64Array(4));
        transferMap(
          reader,
          map,
          () => ({}),
          () => undefined,
        );
      } catch (thrown) {
        expect(thrown).toMatchObject({ name: 'InvariantError' });
      }
      expect(map.size).toBeLessThanOrEqual(40);
    }),
  );
});
