/** Where the parts of a plan's builder report what they find, by the place in the text. */
import type { Problem } from '#shared/base/errors.ts';
import type { ValuePath, YamlSource } from './yaml-source.ts';

export class BuildReport {
  /** With any of these the plan is not fit to run. */
  readonly problems: Problem[] = [];
  /** Rules of the machine that a program breaks wherever it gets there: the run would end there. */
  readonly violations: Problem[] = [];
  private readonly source: YamlSource;

  constructor(source: YamlSource) {
    this.source = source;
  }

  /** Line of a value, from 1. */
  lineOf(path: ValuePath): number {
    return this.source.positionOf(path).line;
  }

  problem(path: ValuePath, message: string): void {
    this.problems.push({ message, ...this.source.positionOf(path) });
  }

  violation(line: number, message: string): void {
    this.violations.push({ line, column: 1, message });
  }

  /** Index of `name`, 0 after a report where it is not known. */
  indexOf(what: string, name: string, indexes: ReadonlyMap<string, number>, path: ValuePath): number {
    const index = indexes.get(name);
    if (index === undefined)
      this.problem(path, `found "${name}", expected the name of ${what}${choices(indexes)}`);
    return index ?? 0;
  }
}

/** ": a, b or c" for a message, nothing where there are none or too many to read. */
export function choices(names: ReadonlyMap<string, number>): string {
  if (names.size === 0) return ' (none is declared)';
  if (names.size > 12) return '';
  return `: ${[...names.keys()].join(', ').replace(/, ([^,]*)$/, ' or $1')}`;
}
