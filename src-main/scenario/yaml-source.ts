/** A YAML text with the way back from a value to its line and column. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
} from 'yaml';
import type { Problem } from '#shared/base/errors.ts';

/** Keys and indexes from the root to a value, as zod gives them. */
export type ValuePath = readonly PropertyKey[];

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** More than this many aliases expanded is an attack or an accident, not a scenario. */
const MAX_ALIASES = 1000;

/** For texts that nobody writes by hand. */
const NESTED_TOO_DEEPLY =
  'found lists or mappings nested too deeply, expected at most some fifteen loops in loops';
/** Lists and mappings inside each other: bounds the recursion, and the time, of everything that follows. */
const MAX_DEPTH = 40;

export class YamlSource {
  /** What is wrong with the text as YAML; with any of these, {@link value} is undefined. */
  readonly problems: readonly Problem[];
  /** The text as plain data. */
  readonly value: unknown;
  private readonly document: Document.Parsed;
  private readonly lines = new LineCounter();

  constructor(text: string) {
    this.document = parseDocument(text, {
      lineCounter: this.lines,
      prettyErrors: false,
      merge: true,
      // What is wrong is said here, not by the library on the console.
      logLevel: 'error',
    });
    const problems = this.document.errors.map((error) => ({
      message: sentenceOf(error),
      ...this.positionAt(error.pos[0]),
    }));
    let value: unknown;
    if (problems.length === 0) {
      try {
        value = this.document.toJS({ maxAliasCount: MAX_ALIASES });
      } catch (error) {
        problems.push({ message: `not YAML: ${(error as Error).message}`, line: 1, column: 1 });
      }
    }
    if (problems.length === 0 && nestsDeeperThan(value, MAX_DEPTH)) {
      problems.push({ message: NESTED_TOO_DEEPLY, line: 1, column: 1 });
    }
    this.problems = problems;
    this.value = value;
  }

  /** Where the value at `path` stands; where it is missing, where its nearest ancestor stands. */
  positionOf(path: ValuePath): Position {
    let node: Node | null = this.document.contents;
    let found = node;
    for (const key of path) {
      node = this.resolve(node);
      node = childOf(node, key);
      if (node === null) break;
      found = node;
    }
    return this.positionAt(found?.range?.[0] ?? 0);
  }

  /** Where the key `key` of the mapping at `path` stands. */
  positionOfKey(path: ValuePath, key: string): Position {
    let node: Node | null = this.document.contents;
    for (const part of path) node = childOf(this.resolve(node), part);
    node = this.resolve(node);
    const pair = isMap(node) ? pairOf(node.items, key) : undefined;
    const start = pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    return start === undefined ? this.positionOf(path) : this.positionAt(start);
  }

  private resolve(node: Node | null): Node | null {
    return isAlias(node) ? ((node.resolve(this.document) as Node | undefined) ?? null) : node;
  }

  private positionAt(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function nestsDeeperThan(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return depth === 0 || Object.values(value).some((inner) => nestsDeeperThan(inner, depth - 1));
}

/** What is wrong with the text, for somebody who does not program with the parser. */
function sentenceOf(error: YAMLError): string {
  if (error.code === 'MULTIPLE_DOCS') return 'found a second document after ---, expected one in a file';
  if (error.code === 'RESOURCE_EXHAUSTION' || /stack/i.test(error.message)) return NESTED_TOO_DEEPLY;
  return `not YAML: ${error.message}`;
}

function childOf(node: Node | null, key: PropertyKey): Node | null {
  if (isSeq(node)) return (node.items[Number(key)] as Node | undefined) ?? null;
  if (isMap(node)) return (pairOf(node.items, String(key))?.value as Node | null | undefined) ?? null;
  return null;
}

function pairOf(items: readonly Pair[], key: string): Pair | undefined {
  return items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}
