/** The generated files say what the schema says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles, undescribed } from './scenario-language.ts';

test('every key of the scenario language is described', () => {
  expect(undescribed()).toEqual([]);
});

test('JSON Schema and reference are up to date: npm run generate', async () => {
  for (const { path, text } of await generatedFiles()) {
    expect(readFileSync(path, 'utf8'), path.pathname).toBe(text);
  }
});
