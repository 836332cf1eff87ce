/** Generated files say what their sources say. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles } from './generated-files.ts';

test('generated files are up to date: npm run generate', async () => {
  for (const { path, text } of await generatedFiles()) {
    expect(readFileSync(path, 'utf8'), path.pathname).toBe(text);
  }
});
