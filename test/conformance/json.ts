/** JSON values: merge patches and the first difference between two of them. */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RFC 7386: objects merge member by member, null removes, anything else replaces. Changes nothing in place. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = { ...(isObject(target) ? target : {}) };
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) delete merged[member];
    else merged[member] = mergePatch(merged[member] ?? null, value);
  }
  return merged;
}

export interface JsonDifference {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** The first place where two values differ, or null. Member order has no meaning. */
export function firstDifference(expected: Json, found: Json, path: string): JsonDifference | null {
  if (expected === found) return null;
  if (isObject(expected) && isObject(found)) {
    for (const member of Object.keys(expected)) {
      const at = `${path}.${member}`;
      if (!(member in found)) return { path: at, expected: text(expected[member]), found: 'absent' };
      const difference = firstDifference(expected[member]!, found[member]!, at);
      if (difference !== null) return difference;
    }
    for (const member of Object.keys(found)) {
      if (!(member in expected)) {
        return { path: `${path}.${member}`, expected: 'absent', found: text(found[member]) };
      }
    }
    return null;
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    const expectedItems = expected as readonly Json[];
    const foundItems = found as readonly Json[];
    for (let i = 0; i < Math.max(expectedItems.length, foundItems.length); i++) {
      const at = `${path}.${i}`;
      if (i >= foundItems.length) return { path: at, expected: text(expectedItems[i]), found: 'absent' };
      if (i >= expectedItems.length) return { path: at, expected: 'absent', found: text(foundItems[i]) };
      const difference = firstDifference(expectedItems[i]!, foundItems[i]!, at);
      if (difference !== null) return difference;
    }
    return null;
  }
  return { path, expected: text(expected), found: text(found) };
}

/** A value as text, short enough for a line. */
export function text(value: Json | undefined): string {
  if (value === undefined) return 'absent';
  const json = JSON.stringify(value);
  return json.length > 300 ? `${json.slice(0, 300)}...` : json;
}
