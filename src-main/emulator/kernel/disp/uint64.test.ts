import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { Machine } from '../../machine.ts';
import { add64, div64, mul32, mul64, read64, write64, type Uint64 } from './uint64.ts';

/** Of every magnitude, and around the powers of two at which something changes. */
const wide = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc
    .tuple(fc.nat(64), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
    .map(([bits, value]) => value >> BigInt(bits)),
  fc
    .tuple(fc.constantFrom(31n, 32n, 52n, 53n, 54n, 63n, 64n), fc.integer({ min: -3, max: 3 }))
    .map(([bits, offset]) => BigInt.asUintN(64, 2n ** bits + BigInt(offset))),
);

/** The value as the functions take it: a number where that is exact. */
function of(value: bigint): Uint64 {
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

describe('unsigned 64-bit arithmetic', () => {
  test('is that of the integers modulo 2^64', () => {
    fc.assert(
      fc.property(wide, wide, (a, b) => {
        expect(add64(of(a), of(b))).toBe(of(BigInt.asUintN(64, a + b)));
        expect(mul64(of(a), of(b))).toBe(of(BigInt.asUintN(64, a * b)));
        if (b !== 0n) expect(div64(of(a), of(b))).toBe(of(a / b));
      }),
      { numRuns: 3000 },
    );
  });

  test('divides exactly next to every multiple', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 26 }),
        fc.integer({ min: 1, max: 2 ** 27 - 1 }),
        (quotient, divisor) => {
          const product = quotient * divisor;
          expect(div64(product, divisor)).toBe(quotient);
          expect(div64(product - 1, divisor)).toBe(quotient - 1);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('wraps products of 32-bit values at 2^32', () => {
    expect(mul32(65_535, 65_535)).toBe(4_294_836_225);
    expect(mul32(65_536, 65_536)).toBe(0);
    expect(mul32(4_294_967_295, 4_294_967_295)).toBe(1);
  });

  test('keeps any value in two columns', () => {
    const machine = new Machine(new TransitionProbe());
    machine.ensure('lwp', 0);
    const { fss_fsspri: low, fss_fsspri_high: high } = KIND;
    fc.assert(
      fc.property(wide, (value) => {
        write64(machine, low, high, 0, of(value), CAUSE.setup);
        expect(read64(machine, low, high, 0)).toBe(of(value));
      }),
    );
  });
});
