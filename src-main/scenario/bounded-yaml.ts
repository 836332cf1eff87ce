/**
 * YAML parsed with bounds: on nesting, on tokens, on anchors and aliases, before the parts of the parser whose time or
 * recursion grows faster than the text. A megabyte of brackets or keys takes no longer than a megabyte of scenario.
 */
import {
  Composer,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  Lexer,
  Parser,
  type Alias,
  type CST,
  type Document,
  type LineCounter,
  type Node,
  type ParsedNode,
  YAMLParseError,
} from 'yaml';
import { InvariantError } from '#shared/base/assert.ts';

/** Why a text is not parsed to its end, and where. */
export class YamlLimitError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export const NESTED_TOO_DEEPLY =
  'found lists or mappings nested too deeply, expected at most some fifteen loops in loops';
/** Collections that are open at a time. A value of a scenario nests less than half as deeply. */
const MAX_OPEN = 100;
/** Enough for thirty thousand steps. */
const MAX_TOKENS = 300_000;
/** `&name` and `*name`, of each. */
const MAX_ANCHORS = 1000;
/** Listing more errors than this does not help. */
const MAX_ERRORS = 100;
/** Values with every alias replaced by what it stands for. */
const MAX_VALUES = 100_000;

export interface BoundedDocument {
  readonly document: Document.Parsed;
  /** What an alias stands for; nothing for one that stands for nothing. */
  readonly targets: ReadonlyMap<Alias, Node>;
}

/** @throws YamlLimitError */
export function parseBounded(text: string, lines: LineCounter): BoundedDocument {
  const options = {
    merge: true,
    // What is wrong is said by the caller, not by the library on the console.
    logLevel: 'error',
    // The library compares each key with all before it: see reportRepeatedKeys.
    uniqueKeys: false,
  } as const;
  let document: Document.Parsed | null = null;
  for (const next of new Composer(options).compose(boundedTokens(text, lines), true, text.length)) {
    if (document !== null) {
      document.errors.push(
        new YAMLParseError([next.range[0], next.range[1]], 'MULTIPLE_DOCS', 'a second document'),
      );
      break;
    }
    document = next;
  }
  // The composer yields one at the end whatever the text.
  if (document === null) throw new InvariantError('a text without a document');
  return { document, targets: new Walk(document).targets };
}

function* boundedTokens(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let tokens = 0;
  let anchors = 0;
  let aliases = 0;
  let errors = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS) {
      throw new YamlLimitError(
        `found more than ${MAX_TOKENS} words and signs, which no scenario needs`,
        offset,
      );
    }
    if (token.startsWith('&')) anchors++;
    else if (token.startsWith('*')) aliases++;
    if (anchors > MAX_ANCHORS || aliases > MAX_ANCHORS) {
      const found = anchors > MAX_ANCHORS ? 'anchors (&name)' : 'aliases (*name)';
      throw new YamlLimitError(`found more than ${MAX_ANCHORS} ${found}, which no scenario needs`, offset);
    }
    for (const made of parser.next(token)) {
      if (made.type === 'error') errors++;
      yield made;
    }
    if (errors > MAX_ERRORS) return;
    if (parser.stack.length > MAX_OPEN) throw new YamlLimitError(NESTED_TOO_DEEPLY, offset);
    offset += token.length;
  }
  yield* parser.end();
}

/** One look at every node, in their order in the text. */
class Walk {
  readonly targets = new Map<Alias, Node>();
  private readonly document: Document.Parsed;
  private readonly anchors = new Map<string, Node>();
  /** Values in an anchored node with its aliases replaced; null while it is not complete. */
  private readonly sizes = new Map<Node, number | null>();

  constructor(document: Document.Parsed) {
    this.document = document;
    const values = this.visit(document.contents);
    if (values > MAX_VALUES) {
      throw new YamlLimitError(
        `not YAML of a scenario: more than ${MAX_VALUES} values, counting those that aliases stand for`,
        0,
      );
    }
  }

  /** @returns how many values there are in it */
  private visit(node: unknown): number {
    if (isPair(node)) return this.visit(node.key) + this.visit(node.value);
    if (!isNode(node)) return 0;
    if (isAlias(node)) return this.follow(node);
    const { anchor } = node as ParsedNode;
    if (anchor !== undefined) {
      this.anchors.set(anchor, node);
      this.sizes.set(node, null);
    }
    let size = 1;
    if (isCollection(node)) for (const item of node.items) size += this.visit(item);
    if (isMap(node)) this.reportRepeatedKeys(node.items);
    if (anchor !== undefined) this.sizes.set(node, size);
    return size;
  }

  private follow(alias: Alias): number {
    const target = this.anchors.get(alias.source);
    // The library has an error for it.
    if (target === undefined) return 1;
    const size = this.sizes.get(target)!;
    if (size === null) {
      throw new YamlLimitError(
        `found *${alias.source} inside of what it stands for, which would have no end`,
        alias.range?.[0] ?? 0,
      );
    }
    this.targets.set(alias, target);
    return size;
  }

  private reportRepeatedKeys(pairs: readonly { readonly key: unknown }[]): void {
    const seen = new Set<unknown>();
    for (const { key } of pairs) {
      if (!isScalar(key)) continue;
      if (seen.has(key.value)) {
        const start = key.range?.[0] ?? 0;
        const message = 'Map keys must be unique';
        this.document.errors.push(new YAMLParseError([start, start + 1], 'DUPLICATE_KEY', message));
      }
      seen.add(key.value);
    }
  }
}
