/**
 * Sequences that nobody has recorded: vectors cut, with operations left out, repeated, exchanged, taken from other
 * vectors, or with other arguments. What the C would do is not known; but the emulator ends in nothing but an assertion
 * or a panic of the kernel, shows whole numbers only, and records all that it changes.
 */
import { MachineState } from '#shared/model/machine-state.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { AssertionFailure, KernelPanic } from '#main/emulator/assert-kernel.ts';
import type { VectorDriver, VectorLine } from './driver.ts';
import { isObject, type Json } from './json.ts';
import { VectorArguments } from './vector-arguments.ts';
import { VectorFormatError } from './vector-format-error.ts';

/** A whole number from 0 to below `limit`. */
export type Random = (limit: number) => number;

/** What mutations of one kind of vectors draw from. */
export interface Material {
  readonly driver: VectorDriver;
  readonly vectors: readonly (readonly VectorLine[])[];
  /** Values that each argument has somewhere, by its path. */
  readonly values: ReadonlyMap<string, readonly unknown[]>;
}

const LONGEST = 200;
const MOST_EDITS = 12;
/** Of values that are the same everywhere, that many are enough to draw from. */
const MOST_VALUES = 5_000;
const OUTCOME = new Set(['ret', 'retval', 'errno', 'calls', 'after', 'full', 'assert']);

export function materialOf(driver: VectorDriver, vectors: readonly (readonly VectorLine[])[]): Material {
  const values = new Map<string, unknown[]>();
  const note = (path: string, value: unknown): void => {
    if (isObject(value)) for (const [name, inner] of Object.entries(value)) note(`${path}.${name}`, inner);
    const known = values.get(path) ?? [];
    if (known.length < MOST_VALUES) known.push(value);
    values.set(path, known);
  };
  for (const lines of vectors) {
    for (const line of lines.slice(1)) {
      for (const [name, value] of Object.entries(argumentsOf(line))) note(name, value);
    }
  }
  return { driver, vectors, values };
}

/** A vector with some edits, without outcomes. */
export function mutation({ vectors, values }: Material, random: Random): VectorLine[] {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const source = pick(vectors);
  const length = Math.min(source.length - 1, 1 + random(LONGEST));
  const lines = source.slice(1, 1 + length).map(argumentsOf);
  const place = (): number => random(lines.length);
  const edits: (() => void)[] = [
    () => lines.splice(place(), 1),
    () => lines.splice(place(), 0, lines[place()]!),
    () => {
      const [from, to] = [place(), place()];
      [lines[from], lines[to]] = [lines[to]!, lines[from]!];
    },
    () => lines.splice(place(), 0, argumentsOf(pick(pick(vectors).slice(1)))),
    () => {
      const at = place();
      lines[at] = withOtherArgument(lines[at]!, '', values, random);
    },
  ];
  // Arguments are what there is most of.
  for (let left = 1 + random(MOST_EDITS); left > 0 && lines.length > 1; left--) {
    (random(2) === 0 ? edits[4]! : pick(edits))();
  }
  return [source[0]!, ...lines];
}

function withOtherArgument(
  line: VectorLine,
  path: string,
  values: Material['values'],
  random: Random,
): VectorLine {
  const names = Object.keys(line).filter((name) => name !== 'op');
  if (names.length === 0) return line;
  const name = names[random(names.length)]!;
  const value = line[name];
  if (isObject(value) && random(4) > 0) {
    return { ...line, [name]: withOtherArgument(value, `${path}${name}.`, values, random) };
  }
  const known = values.get(path + name) ?? [value];
  return { ...line, [name]: known[random(known.length)] };
}

function argumentsOf(line: VectorLine): VectorLine {
  return Object.fromEntries(Object.entries(line).filter(([name]) => !OUTCOME.has(name)));
}

/** What is wrong with how the emulator takes a sequence, in words; '' where nothing is. */
export function faultOf(driver: VectorDriver, lines: readonly VectorLine[]): string {
  const subject = driver.open(new VectorArguments(lines[0]!, 1));
  for (const [index, line] of lines.slice(1).entries()) {
    const at = `line ${index + 2}, ${JSON.stringify(line)}`;
    try {
      subject.step(line, index + 2);
    } catch (error) {
      // About something that is not there: it is passed over.
      if (error instanceof VectorFormatError) continue;
      if (error instanceof AssertionFailure || error instanceof KernelPanic) break;
      return `${at}: ${error instanceof Error ? error.stack : String(error)}`;
    }
    const wrong = notWhole(subject.view(), 'state');
    if (wrong !== '') return `${at}: ${wrong} is no whole number`;
  }
  return replays(subject.machine) ? '' : 'the rows rebuild another machine';
}

function replays({ probe, state }: ReturnType<VectorDriver['open']>['machine']): boolean {
  const replayed = new MachineState();
  let rows = 0;
  const apply = (batch: TransitionBatch): void => {
    for (let row = 0; row < batch.length; row++) replayed.apply(batch.columns, row, ++rows);
  };
  for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) apply(batch);
  apply(probe.takeLast());
  return replayed.digest() === state.digest();
}

/** Where a view has something other than a whole number or a text; '' for nowhere. */
function notWhole(value: Json | undefined, path: string): string {
  if (typeof value === 'number') return Number.isInteger(value) ? '' : path;
  if (typeof value === 'string' || value === null) return '';
  if (value === undefined || typeof value !== 'object') return path;
  for (const [name, inner] of Object.entries(value)) {
    const wrong = notWhole(inner, `${path}.${name}`);
    if (wrong !== '') return wrong;
  }
  return '';
}
