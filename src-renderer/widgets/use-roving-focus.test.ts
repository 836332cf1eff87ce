import { expect, test } from 'vitest';
import { indexAfterKey } from './use-roving-focus.ts';

test('arrows along the row go round it, those across it do nothing', () => {
  expect(indexAfterKey('ArrowRight', 0, 3, 'x')).toBe(1);
  expect(indexAfterKey('ArrowRight', 2, 3, 'x')).toBe(0);
  expect(indexAfterKey('ArrowLeft', 0, 3, 'x')).toBe(2);
  expect(indexAfterKey('ArrowDown', 0, 3, 'x')).toBeNull();
  expect(indexAfterKey('ArrowDown', 0, 3, 'y')).toBe(1);
  expect(indexAfterKey('ArrowUp', 0, 3, 'y')).toBe(2);
  expect(indexAfterKey('ArrowLeft', 0, 3, 'y')).toBeNull();
});

test('where both directions move, all four arrows do', () => {
  expect(['ArrowRight', 'ArrowDown'].map((key) => indexAfterKey(key, 1, 3, 'both'))).toEqual([2, 2]);
  expect(['ArrowLeft', 'ArrowUp'].map((key) => indexAfterKey(key, 1, 3, 'both'))).toEqual([0, 0]);
});

test('Home and End go to the ends, other keys nowhere', () => {
  expect(indexAfterKey('Home', 2, 3, 'x')).toBe(0);
  expect(indexAfterKey('End', 0, 3, 'x')).toBe(2);
  expect(indexAfterKey('Enter', 0, 3, 'both')).toBeNull();
});

test('of an empty row none is next', () => {
  expect(indexAfterKey('ArrowRight', 0, 0, 'x')).toBeNull();
  expect(indexAfterKey('End', 0, 0, 'x')).toBeNull();
});
