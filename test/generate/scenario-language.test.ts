import { expect, test } from 'vitest';
import { undescribed } from './scenario-language.ts';

test('every key of the scenario language is described', () => {
  expect(undescribed()).toEqual([]);
});
