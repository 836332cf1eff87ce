/**
 * Runs conformance vectors: `npm run conformance -- DIR...` (directories or files; without arguments those
 * of this folder). Prints the first difference of each file that fails and ends with the line
 * `N passed, M failed`. Exit code 0 where all pass, 1 where one fails, 2 where there is nothing to run.
 */
import { fileURLToPath } from 'node:url';
import { DRIVERS } from './drivers.ts';
import { describeFailure, runVectorFile, vectorFiles } from './vector-file.ts';

const SHARED = ['./schedctl', './classes', './fss-rt', './dispatcher'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

function main(paths: readonly string[]): number {
  const files: string[] = [];
  for (const path of paths) {
    try {
      files.push(...vectorFiles(path));
    } catch (error) {
      console.error(`Cannot read ${path}: ${(error as Error).message}`);
      return 2;
    }
  }
  if (files.length === 0) {
    console.error(`No vector files (*.jsonl) in ${paths.join(', ')}.`);
    return 2;
  }
  let passed = 0;
  for (const file of files) {
    try {
      const result = runVectorFile(file, DRIVERS);
      if (result.passed) passed++;
      else console.log(describeFailure(file, result));
    } catch (error) {
      console.log(describeFailure(file, error as Error));
    }
  }
  console.log(`${passed} passed, ${files.length - passed} failed`);
  return passed === files.length ? 0 : 1;
}

const asked = process.argv.slice(2);
process.exitCode = main(asked.length > 0 ? asked : SHARED);
