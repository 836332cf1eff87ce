/** Arguments of one operation of a vector, checked as they are read. */
import { isObject } from './json.ts';
import { VectorFormatError } from './vector-format-error.ts';
import type { VectorLine } from './driver.ts';

export class VectorArguments {
  readonly line: VectorLine;
  readonly lineNumber: number;

  constructor(line: VectorLine, lineNumber: number) {
    this.line = line;
    this.lineNumber = lineNumber;
  }

  has(name: string): boolean {
    return this.line[name] !== undefined;
  }

  isNull(name: string): boolean {
    return this.line[name] === null;
  }

  number(name: string): number {
    const value = this.line[name];
    if (typeof value !== 'number') this.fail(`\`${name}\` is not a number`);
    return value;
  }

  /** An unsigned 64-bit number, in decimal digits; a number where that is exact. */
  uint64(name: string): number | bigint {
    const digits = this.string(name);
    if (!/^\d{1,20}$/.test(digits)) this.fail(`\`${name}\` is not a number of decimal digits`);
    const value = BigInt.asUintN(64, BigInt(digits));
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }

  /** A number that says yes (not 0) or no; absent is no. */
  flag(name: string): boolean {
    return this.has(name) && this.number(name) !== 0;
  }

  string(name: string): string {
    const value = this.line[name];
    if (typeof value !== 'string') this.fail(`\`${name}\` is not a string`);
    return value;
  }

  /** How many there are of something: from 1 to `most`. */
  count(name: string, most: number): number {
    const value = this.number(name);
    if (!Number.isInteger(value) || value < 1 || value > most) {
      this.fail(`\`${name}\` is ${value}, which is not from 1 to ${most}`);
    }
    return value;
  }

  /** A list of strings; absent is empty. */
  strings(name: string): readonly string[] {
    const value = this.line[name] ?? [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      this.fail(`\`${name}\` is not a list of strings`);
    }
    return value;
  }

  numbers(name: string): readonly number[] {
    return this.numbersIn(this.line[name], name);
  }

  /** A list of rows of numbers. */
  rows(name: string): readonly (readonly number[])[] {
    const value = this.line[name];
    if (!Array.isArray(value)) this.fail(`\`${name}\` is not a list`);
    return value.map((row) => this.numbersIn(row, name));
  }

  object(name: string): VectorArguments {
    const value = this.line[name];
    if (!isObject(value)) this.fail(`\`${name}\` is not an object`);
    return new VectorArguments(value, this.lineNumber);
  }

  fail(message: string): never {
    throw new VectorFormatError(this.lineNumber, message);
  }

  private numbersIn(value: unknown, name: string): readonly number[] {
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'number')) {
      this.fail(`\`${name}\` is not a list of numbers`);
    }
    return value;
  }
}
