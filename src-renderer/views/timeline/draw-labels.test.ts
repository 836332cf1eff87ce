import { expect, it } from 'vitest';
import { MarkSpans } from './draw-labels.ts';

it('a label goes where no mark stands', () => {
  const marks = new MarkSpans();
  expect(marks.freeFrom(10, 20)).toBe(10);
  marks.add(5, 15);
  marks.add(18, 26);
  marks.add(60, 70);
  expect(marks.freeFrom(10, 20)).toBe(26);
  expect(marks.freeFrom(26, 34)).toBe(26);
  expect(marks.freeFrom(26, 35)).toBe(70);
  marks.clear();
  expect(marks.freeFrom(10, 20)).toBe(10);
});
