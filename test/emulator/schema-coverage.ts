/**
 * Which parts of a zod schema values make use of: every branch of a union, every key of an object, every word of an
 * enumeration, both values of a boolean, and that an optional key is left out.
 */
import type { z } from 'zod';

type Schema = z.core.$ZodType;
/** The definitions that this walks, by their `type`. */
type Def = z.core.$ZodTypes['_zod']['def'];

/** Collects what is used; {@link unused} says what the schema has beside. */
export class SchemaCoverage {
  private readonly root: Schema;
  private readonly used = new Set<string>();
  /** By definition, which copies of a schema with another description share. */
  private readonly ids = new Map<object, number>();

  constructor(root: Schema) {
    this.root = root;
  }

  /** A value that the schema accepts. */
  see(value: unknown): void {
    this.walk(this.root, value, '');
  }

  /** Everything that no value has made use of, as paths from the root. */
  unused(): string[] {
    const missing: string[] = [];
    const seen = new Set<object>();
    const look = (schema: Schema, path: string): void => {
      const plain = unwrapped(schema);
      if (seen.has(plain._zod.def)) return;
      seen.add(plain._zod.def);
      for (const part of partsOf(plain)) {
        const at = `${path}${part.name}`;
        if (!this.used.has(this.key(plain, part.name))) missing.push(at);
        else if (part.schema !== null) look(part.schema, at);
      }
    };
    look(this.root, '');
    return missing;
  }

  private walk(schema: Schema, value: unknown, path: string): void {
    const plain = unwrapped(schema);
    const def = plain._zod.def as Def;
    switch (def.type) {
      case 'union': {
        const at = def.options.findIndex((option) => accepts(option, value));
        if (at < 0) throw new Error(`${path}: no branch accepts ${JSON.stringify(value)}`);
        this.use(plain, `|${at}`);
        this.walk(def.options[at]!, value, path);
        break;
      }
      case 'object':
        for (const [key, field] of Object.entries(def.shape)) {
          const given = (value as Record<string, unknown>)[key];
          if (given === undefined) this.use(plain, `.${key}?`);
          else {
            this.use(plain, `.${key}`);
            this.walk(field, given, `${path}.${key}`);
          }
        }
        break;
      case 'array':
        this.use(plain, '[]');
        for (const element of value as unknown[]) this.walk(def.element, element, `${path}[]`);
        break;
      case 'tuple':
        def.items.forEach((item, at) => {
          this.use(plain, `[${at}]`);
          this.walk(item, (value as unknown[])[at], `${path}[${at}]`);
        });
        break;
      case 'record':
        this.use(plain, '{}');
        this.use(plain, '{key}');
        for (const [key, field] of Object.entries(value as object)) {
          this.walk(def.keyType, key, `${path}{key}`);
          this.walk(def.valueType, field, `${path}{}`);
        }
        break;
      case 'enum':
      case 'boolean':
        this.use(plain, `=${String(value)}`);
        break;
      default:
    }
  }

  private use(schema: Schema, part: string): void {
    this.used.add(this.key(schema, part));
  }

  private key(schema: Schema, part: string): string {
    const { def } = schema._zod;
    let id = this.ids.get(def);
    if (id === undefined) this.ids.set(def, (id = this.ids.size));
    return `${id}${part}`;
  }
}

interface Part {
  readonly name: string;
  /** What comes below; null for a word. */
  readonly schema: Schema | null;
}

function partsOf(schema: Schema): Part[] {
  const def = schema._zod.def as Def;
  switch (def.type) {
    case 'union':
      return def.options.map((option, at) => ({ name: `|${at}`, schema: option }));
    case 'object':
      return Object.entries(def.shape).flatMap(([key, field]) => {
        const parts: Part[] = [{ name: `.${key}`, schema: field }];
        if ((field._zod.def as Def).type === 'optional') parts.push({ name: `.${key}?`, schema: null });
        return parts;
      });
    case 'array':
      return [{ name: '[]', schema: def.element }];
    case 'tuple':
      return def.items.map((item, at) => ({ name: `[${at}]`, schema: item }));
    case 'record':
      return [
        { name: '{}', schema: def.valueType },
        { name: '{key}', schema: def.keyType },
      ];
    case 'enum':
      return Object.values(def.entries).map((word) => ({ name: `=${word}`, schema: null }));
    case 'boolean':
      return ['true', 'false'].map((word) => ({ name: `=${word}`, schema: null }));
    case 'literal':
    case 'string':
    case 'number':
      return [];
    default:
      throw new Error(`the schema has a "${def.type}", which is not walked`);
  }
}

/** Below what adds nothing to a value: optional, lazy. */
function unwrapped(schema: Schema): Schema {
  const def = schema._zod.def as Def;
  if (def.type === 'optional') return unwrapped(def.innerType);
  // Not by its getter, which makes another one each time.
  if (def.type === 'lazy') return unwrapped((schema as z.core.$ZodLazy)._zod.innerType);
  return schema;
}

function accepts(schema: Schema, value: unknown): boolean {
  return (schema as z.ZodType).safeParse(value).success;
}
