/**
 * `npm run bench`: how fast emulator, recorder, store and importer are. Prints a table; with `--json` one object whose
 * keys never change, so that figures can be followed over time. `--size 1m` leaves larger traces out; `--size 100m`
 * adds one of a hundred million events, which takes long and 5 GB of disk.
 *
 * Each part is a process of its own, so that what one keeps in memory is not counted to another. Ratios are taken
 * within a part, as machines differ.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AnswerFigures } from './answer.ts';
import type { EmulatorFigures } from './emulator.ts';
import type { ImportFigures } from './import.ts';
import type { RecordFigures } from './record.ts';
import { SIZES, type SizeName } from './workload.ts';

/** As the thread has it that answers in the program: a third of its maxYoungGenerationSizeMb. */
const YOUNG_GENERATION = ['--max-semi-space-size=2'];
const IMPORT_LINES = 2_000_000;

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, size: { type: 'string', default: '10m' } },
});
const names = Object.keys(SIZES) as SizeName[];
const largest = names.indexOf(values.size as SizeName);
if (largest < 0) {
  console.error(`--size ${values.size}: there are ${names.join(', ')}.`);
  process.exit(2);
}
const sizes = names.slice(0, largest + 1);

const folder = mkdtempSync(join(tmpdir(), 'sctrace-bench-'));
try {
  bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function bench(): void {
  const emulator = run<EmulatorFigures>('emulator.ts', '--json');
  const recorded = new Map<SizeName, RecordFigures>();
  const answered = new Map<SizeName, AnswerFigures>();
  for (const size of sizes) {
    const path = join(folder, `${size}.sctrace`);
    recorded.set(size, run<RecordFigures>('record.ts', String(SIZES[size]), path));
    // Twice: the first time Node compiles the program, which takes memory that the built one does not need.
    if (size === sizes[0]) run<AnswerFigures>('answer.ts', path);
    answered.set(size, run<AnswerFigures>('answer.ts', path));
    rmSync(path);
  }
  const text = join(folder, 'ftrace.txt');
  start('ftrace-text.ts', String(IMPORT_LINES), text);
  // Twice for the same reason.
  const few = join(folder, 'few-lines.txt');
  start('ftrace-text.ts', '1', few);
  run<ImportFigures>('import.ts', few);
  const imported = run<ImportFigures>('import.ts', text);
  const record = recorded.get(sizes.at(-1)!)!;
  const bySize = (figure: keyof AnswerFigures): Partial<Record<SizeName, number>> =>
    Object.fromEntries(sizes.map((size) => [size, rounded(answered.get(size)![figure])]));
  const figures = {
    'emulator.transitionsPerSecond': Math.round(emulator.transitionsPerSecond),
    'emulator.ratio': rounded(emulator.ratio),
    'record.eventsPerSecond': Math.round(record.eventsPerSecond),
    'record.bareRowsPerSecond': Math.round(record.bareRowsPerSecond),
    'record.ratio': rounded(record.eventsPerSecond / record.bareRowsPerSecond),
    'file.bytesPerEvent': rounded(record.bytesPerEvent),
    'open.ms': bySize('openMs'),
    'window.p95Ms': bySize('windowP95Ms'),
    'points.p95Ms': bySize('pointsP95Ms'),
    'seek.p95Ms': bySize('seekP95Ms'),
    'page.p95Ms': bySize('pageP95Ms'),
    'aggregate.ms': bySize('aggregateMs'),
    'memory.mb': bySize('memoryMb'),
    'import.linesPerSecond': Math.round(imported.linesPerSecond),
    'import.memoryMb': rounded(imported.memoryMb),
  };
  if (values.json === true) console.log(JSON.stringify(figures, null, 2));
  else print(figures, recorded, imported);
}

function print(
  figures: Readonly<Record<string, number | Partial<Record<SizeName, number>>>>,
  recorded: ReadonlyMap<SizeName, RecordFigures>,
  imported: ImportFigures,
): void {
  const line = (name: string, cells: readonly (string | number)[]): void =>
    console.log(name.padEnd(32) + cells.map((cell) => String(cell).padStart(14)).join(''));
  const rates = (figure: keyof RecordFigures): string[] =>
    sizes.map((size) => Math.round(recorded.get(size)![figure]).toLocaleString('en'));
  line('', sizes);
  line('events', rates('events'));
  line('recorded, events/s', rates('eventsPerSecond'));
  line('bare rows/s', rates('bareRowsPerSecond'));
  line('bare rows/s, as arguments', rates('bareByArgumentsPerSecond'));
  line(
    'bytes an event',
    sizes.map((size) => rounded(recorded.get(size)!.bytesPerEvent)),
  );
  for (const [name, figure] of Object.entries(figures)) {
    if (typeof figure === 'object')
      line(
        name,
        sizes.map((size) => figure[size]!),
      );
  }
  console.log();
  for (const [name, figure] of Object.entries(figures)) {
    if (typeof figure === 'number') line(name, [figure.toLocaleString('en')]);
  }
  line('import, only ends of lines', [Math.round(imported.scanLinesPerSecond).toLocaleString('en')]);
  line('import, events a line', [rounded(imported.events / imported.lines)]);
}

/** Runs a part and reads what it prints. */
function run<Figures>(part: string, ...args: string[]): Figures {
  return JSON.parse(start(part, ...args)) as Figures;
}

function start(part: string, ...args: string[]): string {
  const child = spawnSync(process.execPath, [...YOUNG_GENERATION, join(import.meta.dirname, part), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
  if (child.status !== 0) throw new Error(`${part} failed`);
  return child.stdout;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
