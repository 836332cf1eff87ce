import { expect, it } from 'vitest';
import type { Seq } from '#shared/base/brands.ts';
import type { MigrationCounts } from '#shared/api/contract.ts';
import { addMigrations, foldMigrations, mostFrequent } from './migration-matrix.ts';

const counts = (values: number[], nextSequence: Seq | null = null): MigrationCounts => ({
  field: 'sc_cpu',
  cpus: [0, 1, 4],
  counts: Uint32Array.from(values),
  stores: 10,
  nextSequence,
  countedToNs: 5,
});

it('adds the pieces of a range', () => {
  const sum = addMigrations(counts([0, 1, 0, 0, 0, 2, 0, 0, 0], 7), counts([0, 1, 1, 0, 0, 0, 0, 0, 0]));
  expect([...sum.counts]).toEqual([0, 2, 1, 0, 0, 2, 0, 0, 0]);
  expect([sum.stores, sum.nextSequence]).toEqual([20, null]);
});

it('lets neighbours share a row where there are more CPUs than rows', () => {
  const folded = foldMigrations(counts([0, 5, 1, 2, 0, 3, 4, 0, 0]), 2);
  expect(folded.labels).toEqual(['0–1', '4']);
  expect([...folded.cells]).toEqual([7, 4, 4, 0]);
  expect(foldMigrations(counts([0, 5, 1, 2, 0, 3, 4, 0, 0]), 3).labels).toEqual(['0', '1', '4']);
});

it('lists the most frequent moves first', () => {
  expect(mostFrequent(counts([0, 5, 1, 2, 0, 3, 4, 0, 0]), 2)).toEqual([
    { from: 0, to: 1, count: 5 },
    { from: 4, to: 0, count: 4 },
  ]);
});
