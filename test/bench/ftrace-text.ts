/**
 * `node ftrace-text.ts LINES FILE`: writes ftrace text of at least so many lines: our own sample over and over, with
 * its clock going on.
 */
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';

const SAMPLE = join(import.meta.dirname, '../../traces/real-convoy-spin.ftrace.txt.gz');
/** Seconds and microseconds of a line. */
const STAMP = /(?<= )(\d+)\.(\d{6})(?=: )/;
const US = 1e6;

const [, , least, path] = process.argv as [string, string, string, string];
await writeText(path, Number(least));

async function writeText(path: string, least: number): Promise<void> {
  const all = gunzipSync(readFileSync(SAMPLE)).toString('latin1').trimEnd().split('\n');
  const head = all.filter((line) => line.startsWith('#'));
  const body = all
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const found = STAMP.exec(line)!;
      return {
        before: line.slice(0, found.index),
        us: Number(found[1]) * US + Number(found[2]),
        after: line.slice(found.index + found[0].length),
      };
    });
  const periodUs = body.at(-1)!.us - body[0]!.us + 1000;
  const rounds = Math.ceil(least / body.length);
  function* parts(): Iterable<string> {
    yield `${head.join('\n')}\n`;
    for (let round = 0; round < rounds; round++) {
      let part = '';
      for (const { before, us, after } of body) {
        const at = us + round * periodUs;
        part += `${before}${Math.floor(at / US)}.${String(at % US).padStart(6, '0')}${after}\n`;
      }
      yield part;
    }
  }
  await pipeline(Readable.from(parts()), createWriteStream(path, 'latin1'));
}
