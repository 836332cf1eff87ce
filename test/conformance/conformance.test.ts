/** All vectors of this folder, one test for each file. */
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DRIVERS } from './drivers.ts';
import { describeFailure, runVectorFile, vectorFiles } from './vector-file.ts';

for (const folder of ['./schedctl', './classes', './fss-rt', './dispatcher']) {
  const files = vectorFiles(fileURLToPath(new URL(folder, import.meta.url)));
  describe(`vectors of ${basename(dirname(files[0]!))}`, () => {
    it.each(files.map((file) => [basename(file, '.jsonl'), file]))('%s', (_, file) => {
      const result = runVectorFile(file, DRIVERS);
      expect(result.passed, describeFailure(file, result)).toBe(true);
    });
  });
}
