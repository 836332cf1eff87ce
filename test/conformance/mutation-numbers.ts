/** Mutations of the vectors of this folder by number: the same number of a seed gives the same sequence. */
import { fileURLToPath } from 'node:url';
import type { VectorDriver, VectorLine } from './driver.ts';
import { DRIVERS } from './drivers.ts';
import { materialOf, mutation, type Material } from './mutated-vectors.ts';
import { readVector, vectorFiles } from './vector-file.ts';

/** What each kind of vectors has to offer. */
export function materials(): Material[] {
  const vectors = vectorFiles(fileURLToPath(new URL('.', import.meta.url))).map(readVector);
  return DRIVERS.map((driver) =>
    materialOf(
      driver,
      vectors.filter(([header]) => DRIVERS.find((candidate) => candidate.accepts(header!)) === driver),
    ),
  );
}

/** Sequence number `n` of a seed, and who takes it. */
export function mutationNumber(
  all: readonly Material[],
  seed: number,
  n: number,
): { driver: VectorDriver; lines: VectorLine[] } {
  const material = all[n % all.length]!;
  // mulberry32: spread over 32 bits, so that neighbours have nothing in common.
  let state = (Math.imul(seed, 0x9e3779b1) + Math.imul(n, 0x85ebca6b)) | 0;
  const random = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
  };
  return { driver: material.driver, lines: mutation(material, random) };
}
