/**
 * `node import.ts TEXT`: imports ftrace text to a closed file; beside it a scan of the same text that only looks for
 * the ends of lines. Prints an ImportFigures as JSON.
 */
import { createReadStream, rmSync } from 'node:fs';
import { recordTrace } from '../../src-main/recorder/record-trace.ts';

export interface ImportFigures {
  readonly lines: number;
  readonly linesPerSecond: number;
  readonly scanLinesPerSecond: number;
  /** Rows that the lines became. */
  readonly events: number;
  /** The most that the importing process ever had in memory. */
  readonly memoryMb: number;
}

const text = process.argv[2]!;

let start = performance.now();
const path = `${text}.sctrace`;
const result = await recordTrace({ producer: { kind: 'import', path: text }, path });
const seconds = (performance.now() - start) / 1000;
// Before the scan, which takes memory of its own.
const memoryMb = process.resourceUsage().maxRSS / 1e3;
rmSync(path);

start = performance.now();
const lines = await scan(text);
const scanSeconds = (performance.now() - start) / 1000;

const figures: ImportFigures = {
  lines,
  linesPerSecond: lines / seconds,
  scanLinesPerSecond: lines / scanSeconds,
  events: result.events,
  memoryMb,
};
console.log(JSON.stringify(figures));

/** Counts lines. */
async function scan(path: string): Promise<number> {
  const NEWLINE = 10;
  let count = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count++;
  }
  return count;
}
