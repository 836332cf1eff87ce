import { describe, expect, test } from 'vitest';
import { Digest } from './digest.ts';
import { cosOfTurns, exp, ln, pow } from './elementary-functions.ts';

const CLOSE = 4e-16;
const relative = (found: number, expected: number): number => Math.abs(found / expected - 1);
const spread = (from: number, to: number): number[] =>
  Array.from({ length: 20_001 }, (_, i) => from + ((to - from) * i) / 20_000);

describe('within a few units in the last place of the engine', () => {
  test('ln', () => {
    for (const x of [2 ** -32, 1e-300, 1 - 2 ** -32, 0.5, 2, 1e300]) {
      expect(relative(ln(x), Math.log(x))).toBeLessThan(CLOSE);
    }
    for (const x of spread(0.001, 0.99)) expect(relative(ln(x), Math.log(x))).toBeLessThan(CLOSE);
    for (const x of spread(1.01, 10_000)) expect(relative(ln(x), Math.log(x))).toBeLessThan(CLOSE);
    expect(ln(1)).toBe(0);
  });

  test('exp', () => {
    for (const x of spread(-33, 33)) expect(relative(exp(x), Math.exp(x))).toBeLessThan(CLOSE);
    for (const x of spread(-699, 699)) expect(relative(exp(x), Math.exp(x))).toBeLessThan(CLOSE);
    expect([exp(0), exp(-701), exp(701)]).toEqual([1, 0, Infinity]);
  });

  test('pow', () => {
    for (const x of spread(1, 10_000)) expect(relative(pow(x, -1.1), x ** -1.1)).toBeLessThan(1e-14);
    expect(pow(1, -3)).toBe(1);
  });

  test('cosine of turns', () => {
    for (const turns of spread(0, 1 - 2 ** -32)) {
      expect(Math.abs(cosOfTurns(turns) - Math.cos(2 * Math.PI * turns))).toBeLessThan(1e-15);
    }
    expect([0, 0.25, 0.5, 0.75].map(cosOfTurns).map((value) => value + 0)).toEqual([1, 0, -1, 0]);
  });
});

test('give the same bits everywhere: another digest means an engine that does not round as IEEE 754', () => {
  const digest = new Digest(1);
  const view = new DataView(new ArrayBuffer(8));
  const add = (value: number): void => {
    view.setFloat64(0, value);
    digest.add(view.getInt32(0));
    digest.add(view.getInt32(4));
  };
  for (let i = 1; i < 5_000; i++) {
    add(ln(i / 5_000));
    add(exp(i / 100 - 25));
    add(cosOfTurns(i / 5_000));
    add(pow(i, -1.3));
  }
  expect(digest.hex()).toBe('4640373065850690');
});
