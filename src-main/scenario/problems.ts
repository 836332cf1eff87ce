/**
 * From zod's issues to problems that a person can act on: line, column, what was found, what was expected.
 *
 * For a union zod reports the failures of every branch. "Not a string, not a number, not an object with ..." helps
 * no reader, so this looks for the branch that the writer meant: the one with the fewest missing and
 * unknown keys. Where that is not clear, the union's own message is given, which names the choices.
 */
import type { z } from 'zod';
import type { Problem } from '#shared/base/errors.ts';
import type { ValuePath, YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** One problem for each thing that is wrong, in order of their place in the text. */
export function problemsOf(issues: readonly Issue[], source: YamlSource): Problem[] {
  const problems: Problem[] = [];
  for (const issue of issues) collect(issue, [], source, problems);
  return inOrder(problems);
}

/** Listing more problems than this does not help. */
const MAX_PROBLEMS = 100;
/** Characters of a message. */
const MAX_MESSAGE = 500;

/** Sorts problems by line and column and drops repetitions and what is too much to read. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return [...problems]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .filter((problem) => {
      const key = `${problem.line}:${problem.column}:${problem.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, MAX_PROBLEMS)
    .map((problem) => ({ ...problem, message: shortened(problem.message) }));
}

/** Names in a text may be as long as the text. */
function shortened(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}...` : message;
}

function collect(issue: Issue, base: ValuePath, source: YamlSource, problems: Problem[]): void {
  const path = [...base, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) {
        problems.push({
          message: `found "${key}"${inside(path)}, which has no meaning here`,
          ...source.positionOfKey(path, key),
        });
      }
      return;
    case 'invalid_union': {
      const branch = meantBranch(issue.errors, valueAt(source.value, path));
      if (branch !== undefined) {
        for (const inner of branch) collect(inner, path, source, problems);
        return;
      }
      break;
    }
    case 'invalid_key':
      problems.push({
        message: `found "${String(issue.path.at(-1))}"${inside(path.slice(0, -1))}, expected a name of 1 to 64 characters`,
        ...source.positionOfKey(path.slice(0, -1), String(path.at(-1))),
      });
      return;
    default:
  }
  const value = valueAt(source.value, path);
  const what = value === undefined ? missing(path) : `found ${describe(value)}${at(path)}`;
  problems.push({ message: `${what}, expected ${expectation(issue)}`, ...source.positionOf(path) });
}

/** The branch of a union that the writer most likely meant, or undefined. */
function meantBranch(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | undefined {
  if (branches.length === 0 || value === null || typeof value !== 'object') return undefined;
  let best: readonly Issue[] | undefined;
  let bestScore = Infinity;
  let ties = 0;
  for (const branch of branches) {
    const score = distance(branch, value);
    if (score < bestScore) {
      best = branch;
      bestScore = score;
      ties = 1;
    } else if (score === bestScore) ties++;
  }
  return ties === 1 && bestScore < OTHER_SHAPE ? best : undefined;
}

const OTHER_SHAPE = 1000;
const MISSING_KEY = 10;
const UNKNOWN_KEY = 3;

function distance(issues: readonly Issue[], value: unknown): number {
  let score = 0;
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') score += UNKNOWN_KEY * issue.keys.length;
    else if (issue.path.length === 0 && issue.code !== 'invalid_union') score += OTHER_SHAPE;
    else if (issue.code === 'invalid_union' && issue.path.length === 0) {
      score += Math.min(...issue.errors.map((branch) => distance(branch, value)));
    } else if (valueAt(value, issue.path) === undefined) score += MISSING_KEY;
    // A key that says which form is meant, with another value: { kind: mutex } is no spin lock.
    else if (issue.code === 'invalid_value') score += OTHER_SHAPE;
    else score += 1;
  }
  return score;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return ours(issue.message) ?? TYPE_WORDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return (
        ours(issue.message) ??
        issue.values
          .map(String)
          .join(', ')
          .replace(/, ([^,]*)$/, ' or $1')
      );
    default:
      return ours(issue.message) ?? issue.message;
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  boolean: 'true or false',
};

/** The message where schema.ts gave one; zod's own begin with "Invalid" or "Too". */
function ours(message: string): string | undefined {
  return /^(Invalid|Too|Unrecognized)/.test(message) ? undefined : message;
}

function valueAt(root: unknown, path: ValuePath): unknown {
  let value = root;
  for (const key of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** A value as a person would name it. */
function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string')
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  const keys = Object.keys(value as object);
  return keys.length === 0 ? 'an empty mapping' : `a mapping with ${keys.slice(0, 5).join(', ')}`;
}

function missing(path: ValuePath): string {
  return `${path.length === 0 ? 'the file' : `"${String(path.at(-1))}"`} is missing${inside(path.slice(0, -1))}`;
}

function at(path: ValuePath): string {
  return path.length === 0 ? '' : ` for ${pathName(path)}`;
}

function inside(path: ValuePath): string {
  return path.length === 0 ? '' : ` in ${pathName(path)}`;
}

/** `processes[0].lwps[1].count` */
function pathName(path: ValuePath): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
