import { expect, test } from 'vitest';
import { LineScanner } from './line-scanner.ts';

/** Lines with their numbers, and how many there were. */
function scanned(chunks: readonly string[]): { readonly lines: readonly string[]; readonly count: number } {
  const lines: string[] = [];
  const scanner = new LineScanner(
    (bytes, start, end, number) => lines.push(`${number} ${bytes.toString('utf8', start, end)}`),
    (number) => lines.push(`${number} too long`),
  );
  for (const chunk of chunks) scanner.push(Buffer.from(chunk));
  scanner.end();
  return { lines, count: scanner.lines };
}

test('lines keep their numbers behind empty ones, of which the first few are delivered', () => {
  const { lines, count } = scanned([`a\n${'\n'.repeat(1_000_000)}b\n`, '\n\n', 'c\r\n']);
  expect(lines.filter((line) => !line.endsWith(' '))).toEqual(['1 a', '1000002 b', '1000005 c']);
  expect(lines.length).toBeLessThan(10);
  expect(count).toBe(1_000_005);
});

test('an empty line is delivered', () => {
  expect(scanned(['a\n\nb']).lines).toEqual(['1 a', '2 ', '3 b']);
});
