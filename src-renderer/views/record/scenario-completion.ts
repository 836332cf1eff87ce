/**
 * What can stand at a place of a scenario, from the JSON Schema of its language. Works on half-written text: it goes by
 * indentation, and within a line by brackets, as YAML itself does.
 */

/** The part of JSON Schema (draft 7) that the scenario schema uses. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number | boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** A key of a mapping, or an item of a sequence. */
type Step = string | typeof ITEM;
const ITEM = Symbol('item');

interface Place {
  readonly path: readonly Step[];
  readonly what: 'key' | 'value';
  /** Where the word under the cursor begins. */
  readonly from: number;
}

export interface Option {
  readonly label: string;
  readonly what: 'key' | 'value' | 'name';
  readonly about: string;
}

/** Steps that name a lock of the scenario's `locks`. */
const LOCK_STEPS = new Set(['lock', 'unlock']);

/** What can stand at `position`, and where the word that it replaces begins; null where nothing is known. */
export function optionsAt(
  text: string,
  position: number,
  schema: Schema,
): { readonly from: number; readonly options: readonly Option[] } | null {
  const place = placeAt(text, position);
  if (place === null) return null;
  const nodes = place.path.reduce<readonly Schema[]>(
    (at, step) => at.flatMap((node) => below(node, step, schema)),
    [schema],
  );
  const concrete = nodes.flatMap((node) => expand(node, schema));
  const last = place.path.at(-1);
  const options = [
    ...(place.what === 'key' || last === ITEM ? keysOf(concrete, schema) : []),
    ...(place.what === 'value' || last === ITEM ? valuesOf(concrete) : []),
    ...(place.what === 'value' && typeof last === 'string' && LOCK_STEPS.has(last) ? lockNames(text) : []),
  ];
  const unique = new Map(options.map((option) => [option.label, option]));
  return unique.size === 0 ? null : { from: place.from, options: [...unique.values()] };
}

/** Where in the document's structure `position` is; null within a comment or a quoted text. */
function placeAt(text: string, position: number): Place | null {
  const before = text.slice(0, position);
  const lines = before.split('\n');
  const current = lines.pop()!;
  const stack: { readonly column: number; readonly step: Step }[] = [];
  for (const line of lines) enter(stack, line);
  if (/(^|\s)#/.test(current) || (current.match(/["']/g)?.length ?? 0) % 2 === 1) return null;
  const rest = enter(stack, current, true);
  const path = stack.map(({ step }) => step);
  const word = /[^\s,:{}[\]]*$/.exec(current)![0];
  const from = position - word.length;
  if (rest === null) return { path, what: 'key', from };
  return { ...inFlow(path, rest), from };
}

/**
 * Follows one line: leaves what it is no longer inside of, enters its dashes and its key.
 *
 * @param open the line is the one that is being written: a key without a colon is not entered
 * @returns what stands behind the key's colon; null where there is no key yet
 */
function enter(stack: { column: number; step: Step }[], line: string, open = false): string | null {
  const blank = line.trim() === '' || line.trim().startsWith('#');
  if (blank && !open) return null;
  let column = line.length - line.trimStart().length;
  let rest = line.slice(column);
  while (rest === '-' || rest.startsWith('- ')) {
    leave(stack, (top) => top.column > column || (top.column === column && top.step === ITEM));
    stack.push({ column, step: ITEM });
    const content = rest.slice(1).trimStart();
    column += rest.length - content.length;
    rest = content;
  }
  const key = /^([^\s:{}[\],#]+):(?=\s|$)(.*)$/.exec(rest);
  if (key === null) {
    // What is written at a column belongs to what is further left.
    leave(stack, (top) => top.column >= column && !(top.step === ITEM && top.column < column));
    return /^[[{]/.test(rest) ? rest : null;
  }
  leave(stack, (top) => top.column >= column);
  stack.push({ column, step: key[1]! });
  return key[2]!;
}

function leave<Entry>(stack: Entry[], goesOn: (top: Entry) => boolean): void {
  while (stack.length > 0 && goesOn(stack.at(-1)!)) stack.pop();
}

/** Goes on within a line, through `{ ... }` and `[ ... ]`. */
function inFlow(path: readonly Step[], rest: string): Pick<Place, 'path' | 'what'> {
  const open: { readonly bracket: string; key: string | null }[] = [];
  let word = '';
  for (const character of rest) {
    const top = open.at(-1);
    if (character === '{' || character === '[') open.push({ bracket: character, key: null });
    else if (character === '}' || character === ']') open.pop();
    else if (character === ':' && top !== undefined) top.key = word;
    else if (character === ',' && top !== undefined) top.key = null;
    if (/[\s,:{}[\]]/.test(character)) {
      if (character !== ' ' && character !== ':') word = '';
      else if (character === ':') word = '';
    } else word += character;
  }
  const steps: Step[] = [...path];
  for (const { bracket, key } of open) {
    if (bracket === '[') steps.push(ITEM);
    else if (key !== null) steps.push(key);
  }
  const inner = open.at(-1);
  return { path: steps, what: inner?.bracket === '{' && inner.key === null ? 'key' : 'value' };
}

/** A schema and what it refers to, as those without references. */
function expand(node: Schema, root: Schema, depth = 0): readonly Schema[] {
  if (depth > 16) return [];
  const parts = [...(node.anyOf ?? []), ...(node.allOf ?? []), ...(node.oneOf ?? [])];
  const target =
    node.$ref === undefined ? undefined : root.definitions?.[node.$ref.replace('#/definitions/', '')];
  if (target !== undefined) parts.push(target);
  return [node, ...parts.flatMap((part) => expand(part, root, depth + 1))];
}

function below(node: Schema, step: Step, root: Schema): readonly Schema[] {
  return expand(node, root).flatMap((each) => {
    if (step === ITEM) return each.items === undefined ? [] : [each.items].flat();
    const property = each.properties?.[step];
    if (property !== undefined) return [property];
    return typeof each.additionalProperties === 'object' ? [each.additionalProperties] : [];
  });
}

function keysOf(nodes: readonly Schema[], root: Schema): Option[] {
  return nodes.flatMap((node) =>
    Object.entries(node.properties ?? {}).map(([label, property]) => ({
      label,
      what: 'key' as const,
      about: expand(property, root).find(({ description }) => description !== undefined)?.description ?? '',
    })),
  );
}

function valuesOf(nodes: readonly Schema[]): Option[] {
  return nodes.flatMap((node) => {
    const values = [...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const])];
    if (node.type === 'boolean') values.push('true', 'false');
    return values.map((value) => ({
      label: String(value),
      what: 'value' as const,
      about: node.description ?? '',
    }));
  });
}

function lockNames(text: string): Option[] {
  const block = /^locks:[^\n]*\n((?:[ \t#][^\n]*\n|\n)*)/m.exec(text)?.[1] ?? '';
  const indent = /^( +)\S/m.exec(block)?.[1] ?? '  ';
  const names = block.matchAll(new RegExp(`^${indent}([^\\s:#][^:]*):`, 'gm'));
  return [...names].map(([, label]) => ({ label: label!, what: 'name', about: 'A lock of this scenario.' }));
}
