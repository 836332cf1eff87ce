/** What is generated from the schema of the scenario language: a JSON Schema for editors, and the reference. */
import { z } from 'zod';
import { scenarioSchema } from '#main/scenario/schema.ts';
import { formatted, type GeneratedFile } from './generated-file.ts';

/** The part of JSON Schema (draft 7) that zod writes. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema | readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const FOLDER = new URL('../../traces/scenarios/', import.meta.url);

export async function scenarioLanguageFiles(): Promise<readonly GeneratedFile[]> {
  const schema = scenarioJsonSchema();
  return Promise.all([
    formatted(new URL('scenario.schema.json', FOLDER), JSON.stringify(schema)),
    formatted(new URL('REFERENCE.md', FOLDER), referenceOf(schema)),
  ]);
}

/** Keys that the schema describes nowhere, as paths. */
export function undescribed(schema: Schema = scenarioJsonSchema()): string[] {
  const missing: string[] = [];
  const visit = (at: Schema, path: string): void => {
    for (const [key, value] of Object.entries(at.properties ?? {})) {
      if (describe(value, schema) === '') missing.push(`${path}.${key}`);
      visit(value, `${path}.${key}`);
    }
    for (const inner of partsOf(at)) visit(inner, path);
  };
  visit(schema, '');
  for (const [name, definition] of Object.entries(schema.definitions ?? {})) visit(definition, name);
  return missing;
}

function scenarioJsonSchema(): Schema {
  const schema = z.toJSONSchema(scenarioSchema, { target: 'draft-7', io: 'input' });
  return withoutAliases({ title: 'Scenario of the schedctl workbench', ...schema } as Schema);
}

/** Without the definitions that only refer to others: a value that is described where it is used makes one. */
function withoutAliases(schema: Schema): Schema {
  let text = JSON.stringify(schema);
  const definitions = Object.entries(schema.definitions ?? {});
  const aliases = definitions
    .filter(([, value]) => Object.keys(value).length === 1)
    .map(([name, value]) => ({ name, ref: value.$ref ?? value.allOf?.[0]?.$ref }))
    .filter(({ ref }) => ref !== undefined);
  for (const { name, ref } of aliases) text = text.replaceAll(`"#/definitions/${name}"`, `"${ref!}"`);
  const { definitions: all, ...rest } = JSON.parse(text) as Schema;
  const kept = Object.entries(all ?? {}).filter(([name]) => !aliases.some((alias) => alias.name === name));
  return { ...rest, definitions: Object.fromEntries(kept) };
}

function referenceOf(schema: Schema): string {
  const sections: string[] = [
    '# The scenario language',
    'Generated from the schema (`npm run generate`); `scenario.schema.json` beside it is for editors: begin a scenario with ' +
      '`# yaml-language-server: $schema=scenario.schema.json`, or have the editor do so for this folder. The comment lines ' +
      '`# Title:` and `# See:` at the head of a file say what it is and what to look for.',
  ];
  const todo: [title: string, schema: Schema][] = [['The file', schema]];
  for (const [name, definition] of Object.entries(schema.definitions ?? {})) todo.push([name, definition]);
  for (const [title, at] of todo) sections.push(...section(title, at, schema, todo));
  return sections.join('\n\n');
}

/** One heading with the keys of an object, or with the forms that a value can have. */
function section(title: string, at: Schema, root: Schema, todo: [string, Schema][]): string[] {
  const list = Array.isArray(at.items) ? undefined : (at.items as Schema | undefined);
  const parts = (list ?? at).anyOf ?? [list ?? at];
  const rows: string[] = [];
  for (const part of parts) {
    const keys = Object.entries(part.properties ?? {});
    if (keys.length === 0) {
      // What is neither a choice of words nor a reference is said by the description of the whole.
      if (part.enum === undefined && part.$ref === undefined) continue;
      const about = part.description ?? (part.$ref === undefined ? '' : describe(part, root));
      rows.push(`| ${valueText(part)} | | ${cell(about)} |`);
    }
    keys.forEach(([key, value], index) => {
      const optional = part.required?.includes(key) === true ? '' : ', optional';
      const isFirst = index === 0 || parts.length === 1;
      rows.push(
        `| ${isFirst ? '' : '… '}\`${key}\` | ${valueText(value)}${optional} | ${cell(describe(value, root))} |`,
      );
      const inner = objectIn(value);
      if (inner !== undefined) todo.push([`${title === 'The file' ? '' : `${title}.`}${key}`, inner]);
    });
  }
  const about = title === 'The file' ? '' : (at.description ?? '');
  const table = rows.length === 0 ? '' : ['| key | value | |', '| --- | --- | --- |', ...rows].join('\n');
  return [`## ${title}`, about, table].filter((text) => text !== '');
}

/** The object with keys of its own inside a value, or the choice of such; undefined for plain values. */
function objectIn(value: Schema): Schema | undefined {
  if (value.properties !== undefined) return value;
  if (value.anyOf?.some((part) => part.properties !== undefined) === true) return value;
  for (const inner of [value.items, value.additionalProperties]) {
    if (typeof inner === 'object' && !Array.isArray(inner)) {
      const found = objectIn(inner as Schema);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function valueText(value: Schema): string {
  const ref = value.$ref ?? value.allOf?.[0]?.$ref;
  if (ref !== undefined) {
    const name = ref.split('/').at(-1)!;
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (value.const !== undefined) return `\`${JSON.stringify(value.const).replaceAll('"', '')}\``;
  if (value.enum !== undefined) return value.enum.map((word) => `\`${word}\``).join(', ');
  if (value.anyOf !== undefined) return [...new Set(value.anyOf.map(valueText))].join(' or ');
  switch (value.type) {
    case 'integer':
    case 'number':
      return `${value.type === 'integer' ? 'whole number' : 'number'}, ${value.minimum} to ${value.maximum}`;
    case 'boolean':
      return '`true` or `false`';
    case 'array': {
      const { items } = value;
      if (Array.isArray(items)) return `[${(items as readonly Schema[]).map(valueText).join('; ')}]`;
      return items === undefined ? 'list' : `list of ${valueText(items as Schema)}`;
    }
    case 'object':
      if (value.properties !== undefined) return 'mapping, see below';
      return typeof value.additionalProperties === 'object'
        ? `by name: ${valueText(value.additionalProperties)}`
        : 'mapping';
    default:
      return 'name';
  }
}

/** The description of a value, or of what it refers to; empty where there is none. */
function describe(value: Schema, root: Schema): string {
  if (value.description !== undefined) return value.description;
  const ref = value.$ref ?? value.allOf?.[0]?.$ref;
  return ref === undefined ? '' : (root.definitions?.[ref.split('/').at(-1)!]?.description ?? '');
}

function partsOf(at: Schema): readonly Schema[] {
  const items =
    at.items === undefined ? [] : Array.isArray(at.items) ? (at.items as Schema[]) : [at.items as Schema];
  const additional = typeof at.additionalProperties === 'object' ? [at.additionalProperties] : [];
  return [...items, ...(at.anyOf ?? []), ...(at.allOf ?? []), ...additional];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
