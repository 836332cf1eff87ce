/** A YAML text with the way back from a value to its line and column. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Problem } from '#shared/base/errors.ts';
import { NESTED_TOO_DEEPLY, parseBounded, YamlLimitError, type BoundedDocument } from './bounded-yaml.ts';

/** Keys and indexes from the root to a value, as zod gives them. */
export type ValuePath = readonly PropertyKey[];

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Lists and mappings inside each other: bounds the recursion, and the time, of everything that follows. */
const MAX_DEPTH = 40;

export class YamlSource {
  /** What is wrong with the text as YAML; with any of these, {@link value} is undefined. */
  readonly problems: readonly Problem[];
  /** The text as plain data. */
  readonly value: unknown;
  private readonly parsed: BoundedDocument | null;
  private readonly lines = new LineCounter();
  /** The pairs of mappings that were looked into, by key. */
  private readonly pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(text: string) {
    const problems: Problem[] = [];
    let parsed: BoundedDocument | null = null;
    let value: unknown;
    try {
      parsed = parseBounded(text, this.lines);
      for (const error of parsed.document.errors) {
        problems.push({ message: sentenceOf(error), ...this.positionAt(error.pos[0]) });
      }
      // Aliases were counted by parseBounded.
      if (problems.length === 0) value = parsed.document.toJS({ maxAliasCount: -1 });
    } catch (thrown) {
      const { message } = thrown as Error;
      problems.push(
        thrown instanceof YamlLimitError
          ? { message, ...this.positionAt(thrown.offset) }
          : { message: `not YAML: ${message}`, line: 1, column: 1 },
      );
    }
    if (problems.length === 0 && nestsDeeperThan(value, MAX_DEPTH)) {
      problems.push({ message: NESTED_TOO_DEEPLY, line: 1, column: 1 });
    }
    this.parsed = parsed;
    this.problems = problems;
    this.value = problems.length === 0 ? value : undefined;
  }

  /** Where the value at `path` stands; where it is missing, where its nearest ancestor stands. */
  positionOf(path: ValuePath): Position {
    let node: Node | null = this.parsed?.document.contents ?? null;
    let found = node;
    for (const key of path) {
      node = this.resolve(node);
      node = this.childOf(node, key);
      if (node === null) break;
      found = node;
    }
    return this.positionAt(found?.range?.[0] ?? 0);
  }

  /** Where the key `key` of the mapping at `path` stands. */
  positionOfKey(path: ValuePath, key: string): Position {
    let node: Node | null = this.parsed?.document.contents ?? null;
    for (const part of path) node = this.childOf(this.resolve(node), part);
    node = this.resolve(node);
    const pair = isMap(node) ? this.pairOf(node, key) : undefined;
    const start = pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
    return start === undefined ? this.positionOf(path) : this.positionAt(start);
  }

  private resolve(node: Node | null): Node | null {
    return isAlias(node) ? (this.parsed?.targets.get(node) ?? null) : node;
  }

  private childOf(node: Node | null, key: PropertyKey): Node | null {
    if (isSeq(node)) return (node.items[Number(key)] as Node | undefined) ?? null;
    if (isMap(node)) return (this.pairOf(node, String(key))?.value as Node | null | undefined) ?? null;
    return null;
  }

  private pairOf(node: YAMLMap, key: string): Pair | undefined {
    let pairs = this.pairs.get(node);
    if (pairs === undefined) {
      pairs = new Map(
        node.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])),
      );
      this.pairs.set(node, pairs);
    }
    return pairs.get(key);
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

/** The errors in the text, for a reader who does not know the parser. */
function sentenceOf(error: YAMLError): string {
  if (error.code === 'MULTIPLE_DOCS') return 'found a second document after ---, expected one in a file';
  if (error.code === 'RESOURCE_EXHAUSTION' || /stack/i.test(error.message)) return NESTED_TOO_DEEPLY;
  return `not YAML: ${error.message}`;
}
