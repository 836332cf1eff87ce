import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from './codec.ts';

const roundTrip = (value: unknown) => decodeMessage(encodeMessage(value));

describe('columns', () => {
  const columns = [
    Uint8Array.of(0, 255),
    Int8Array.of(-128, 127),
    Uint16Array.of(0, 65_535),
    Int16Array.of(-32_768, 32_767),
    Uint32Array.of(0, 0xffff_ffff),
    Int32Array.of(-0x8000_0000, 0x7fff_ffff),
    Float32Array.of(1.5, -Infinity),
    Float64Array.of(-0, NaN, Infinity, 2 ** 53, 5e-324),
  ];
  for (const column of columns) {
    test(`${column.constructor.name} keeps its type and values`, () => {
      const arrived = roundTrip({ a: 'x', column }) as { column: typeof column };
      expect(arrived.column).toStrictEqual(column);
      expect(Object.is(arrived.column[0], column[0])).toBe(true);
    });
  }

  test('an empty one arrives empty, with its type', () => {
    expect(roundTrip(new Int32Array(0))).toStrictEqual(new Int32Array(0));
  });

  test('a view of a part arrives as that part alone, on a buffer of its own', () => {
    const part = new Int32Array(Int32Array.of(1, 2, 3, 4).buffer, 4, 2);
    const arrived = roundTrip(['shifts the alignment', part]) as [string, Int32Array];
    expect(arrived[1]).toStrictEqual(Int32Array.of(2, 3));
    expect(arrived[1].buffer.byteLength).toBe(8);
  });

  test('a Buffer arrives as plain bytes', () => {
    expect(roundTrip(Buffer.from('abc'))).toStrictEqual(Uint8Array.of(97, 98, 99));
  });

  test('views that the contract does not have are refused', () => {
    expect(() => encodeMessage(new DataView(new ArrayBuffer(8)))).toThrow('DataView cannot cross a pipe');
    expect(() => encodeMessage(BigInt64Array.of(1n))).toThrow('BigInt64Array cannot cross a pipe');
  });
});

describe('plain values', () => {
  test('numbers arrive as they are, but for the sign of zero', () => {
    for (const number of [NaN, Infinity, -Infinity, 0.1, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 40 + 0.5]) {
      expect(roundTrip({ number })).toStrictEqual({ number });
    }
    expect(roundTrip({ number: -0 })).toStrictEqual({ number: 0 });
  });

  test('an undefined property is left out; null stays', () => {
    expect(roundTrip({ a: undefined, b: null })).toStrictEqual({ b: null });
  });

  test('functions, symbols and endless nesting are refused', () => {
    const endless: unknown[] = [];
    endless.push(endless);
    for (const value of [() => 1, Symbol('x'), endless]) expect(() => encodeMessage({ value })).toThrow();
  });

  test('anything JSON can say comes back the same', () => {
    fc.assert(
      // A key "__proto__" is the one thing the decoder refuses (it would set the prototype).
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('__proto__'));
        const withoutMinusZero: unknown = JSON.parse(text, (_key, part: unknown) => (part === 0 ? 0 : part));
        expect(roundTrip(JSON.parse(text))).toStrictEqual(withoutMinusZero);
      }),
    );
  });
});

describe('bytes from anybody', () => {
  const refused = (bytes: Uint8Array) => {
    try {
      decodeMessage(bytes);
    } catch (error) {
      expect(error).toMatchObject({ name: 'WorkbenchError', code: 'bad-request' });
    }
  };

  test('decode or are refused as a bad request, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), refused), { numRuns: 2000 });
  });

  test('a header that claims four thousand million elements reserves nothing', () => {
    expect(() => decodeMessage(Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff))).toThrow(/no message/);
  });

  test('a column of half an element, and an unknown element type, are refused', () => {
    expect(() => decodeMessage(Uint8Array.of(0xd6, 7, 0, 0, 0, 0))).toThrow(/not a column/);
    expect(() => decodeMessage(Uint8Array.of(0xd6, 99, 0, 0, 0, 0))).toThrow(/not a column/);
  });

  test('cut off anywhere, a message is refused', () => {
    const whole = encodeMessage({ type: 'request', id: 1, params: { column: Float64Array.of(1, 2, 3) } });
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeMessage(whole.subarray(0, length))).toThrow(/no message/);
    }
  });
});
