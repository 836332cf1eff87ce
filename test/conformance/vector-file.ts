/** Reading vector files and finding the driver for each. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from './json.ts';
import type { VectorDriver, VectorLine, VectorResult } from './driver.ts';
import { VectorFormatError } from './vector-format-error.ts';
import { runVector } from './vector-runner.ts';

/** The `.jsonl` files of a directory and the folders in it, sorted by path; a file stands for itself. */
export function vectorFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(path, name));
}

/** Parses a file. Throws VectorFormatError. */
export function readVector(file: string): VectorLine[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  return lines.map((line, index) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch (error) {
      throw new VectorFormatError(index + 1, `not JSON: ${(error as Error).message}`);
    }
    if (!isObject(parsed)) throw new VectorFormatError(index + 1, 'not a JSON object');
    return parsed;
  });
}

/** Runs a file with the driver that takes it. Throws VectorFormatError where the file is no vector. */
export function runVectorFile(file: string, drivers: readonly VectorDriver[]): VectorResult {
  const lines = readVector(file);
  const header = lines[0];
  if (header === undefined) throw new VectorFormatError(1, 'the file is empty');
  const driver = drivers.find((candidate) => candidate.accepts(header));
  if (driver === undefined) {
    throw new VectorFormatError(
      1,
      'the header names none of `sc_size` (schedctl), `classes` (classes) and `dispatcher` (dispatcher)',
    );
  }
  return runVector(driver, lines);
}

/** A failed file as text for people. */
export function describeFailure(file: string, result: VectorResult | Error): string {
  if (result instanceof Error) {
    const line = result instanceof VectorFormatError ? `:${result.line}` : '';
    return `${file}${line}: ${result.name}: ${result.message}`;
  }
  if (result.passed) return `${file}: passed`;
  const { line, operation, path, expected, found } = result.difference;
  return [
    `${file}:${line}: first difference`,
    `  operation ${operation}`,
    `  field     ${path}`,
    `  expected  ${expected}`,
    `  found     ${found}`,
  ].join('\n');
}
