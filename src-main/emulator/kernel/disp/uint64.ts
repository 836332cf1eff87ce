/**
 * Unsigned 64-bit arithmetic as in C, for the usages and internal priorities of FSS: modulo 2^64, exact.
 *
 * A value is a number while that is exact, up to 2^53 - 1, and a bigint beyond. Almost all are numbers, with which
 * nothing is allocated; the result of an operation that does not fit is computed anew with bigints. A field takes
 * two 32-bit columns of the machine state.
 */
import type { Machine } from '../../machine.ts';

export type Uint64 = number | bigint;

const TWO_32 = 0x1_0000_0000;
/** High words from here on make numbers that are not exact. */
const HIGH_OF_BIG = 0x20_0000;

function narrow(value: bigint): Uint64 {
  const wrapped = BigInt.asUintN(64, value);
  return wrapped <= Number.MAX_SAFE_INTEGER ? Number(wrapped) : wrapped;
}

/** `a + b` */
export function add64(a: Uint64, b: Uint64): Uint64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return narrow(BigInt(a) + BigInt(b));
}

/** `a * b` */
export function mul64(a: Uint64, b: Uint64): Uint64 {
  if (typeof a === 'number' && typeof b === 'number') {
    // A product that is not exact is rounded to 2^53 or more: it cannot pass for one that is.
    const product = a * b;
    if (product <= Number.MAX_SAFE_INTEGER) return product;
  }
  return narrow(BigInt(a) * BigInt(b));
}

/** `a / b`, cut to a whole number; `b` is not 0. */
export function div64(a: Uint64, b: Uint64): Uint64 {
  // The quotient of whole numbers below 2^53 is never rounded up to the next whole number.
  if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b);
  return narrow(BigInt(a) / BigInt(b));
}

/** `a * b`, of unsigned 32-bit values, which wraps at 2^32 as in C. */
export function mul32(a: number, b: number): number {
  return Math.imul(a, b) >>> 0;
}

/** Reads a 64-bit field. */
export function read64(machine: Machine, low: number, high: number, id: number): Uint64 {
  const highWord = machine.get(high, id) >>> 0;
  const lowWord = machine.get(low, id) >>> 0;
  if (highWord < HIGH_OF_BIG) return highWord * TWO_32 + lowWord;
  return (BigInt(highWord) << 32n) | BigInt(lowWord);
}

/** Stores a 64-bit field. */
export function write64(
  machine: Machine,
  low: number,
  high: number,
  id: number,
  value: Uint64,
  cause: number,
): void {
  if (typeof value === 'number') {
    machine.set(low, id, value | 0, cause);
    machine.set(high, id, Math.floor(value / TWO_32) | 0, cause);
  } else {
    machine.set(low, id, Number(BigInt.asIntN(32, value)), cause);
    machine.set(high, id, Number(BigInt.asIntN(32, value >> 32n)), cause);
  }
}
