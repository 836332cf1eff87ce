import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMessage, decodeUntrustedMessage, encodeMessage } from './codec.ts';
import { checkStructure, MESSAGE_LIMITS } from './message-limits.ts';

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

/** `times` times the same bytes. */
const repeated = (bytes: readonly number[], times: number): Uint8Array =>
  Uint8Array.from({ length: bytes.length * times }, (_, at) => bytes[at % bytes.length]!);
const array32 = (length: number): number[] => [0xdd, length >>> 24, length >>> 16, length >>> 8, length];
const map32 = (length: number): number[] => [0xdf, length >>> 24, length >>> 16, length >>> 8, length];

describe('untrusted bytes', () => {
  const refused = (bytes: Uint8Array) => {
    try {
      decodeUntrustedMessage(bytes);
    } catch (error) {
      expect(error).toMatchObject({ name: 'WorkbenchError', code: 'bad-request' });
    }
  };

  test('decode or are refused as a bad request, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), refused), { numRuns: 2000 });
  });

  test('what the encoder makes is taken, and arrives as it does from a friend', () => {
    const column = fc.constantFrom(
      new Float64Array(3),
      Int8Array.of(1),
      new Uint8Array(300),
      new Uint8Array(70_000),
    );
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 5 }),
      fc.string({ minLength: 30, maxLength: 400 }),
      fc.double(),
      fc.maxSafeInteger(),
      column,
      fc.array(fc.integer(), { minLength: 10, maxLength: 100_000, size: '+2' }),
    );
    fc.assert(
      fc.property(value, (given) => {
        fc.pre(ArrayBuffer.isView(given) || !JSON.stringify(given).includes('__proto__'));
        const bytes = encodeMessage({ given });
        expect(decodeUntrustedMessage(bytes)).toStrictEqual(decodeMessage(bytes));
      }),
    );
  });

  test('what is taken is what the decoder takes, and nothing that it does not', () => {
    const message = encodeMessage({ a: [1, 'x', { b: null }], c: Float64Array.of(1, 2) });
    fc.assert(
      fc.property(fc.nat(message.length - 1), fc.nat(255), (at, byte) => {
        const changed = message.slice();
        changed[at] = byte;
        let taken = true;
        try {
          decodeMessage(changed);
        } catch {
          taken = false;
        }
        if (taken) expect(decodeUntrustedMessage(changed)).toStrictEqual(decodeMessage(changed));
        else expect(() => decodeUntrustedMessage(changed)).toThrow(/not a message/);
      }),
      { numRuns: 2000 },
    );
  });

  const { depth, elements, lists, keys, bytes } = MESSAGE_LIMITS;
  test.each<[string, Uint8Array, RegExp]>([
    ['arrays in arrays, each claiming all that is left', repeated(array32(3000), 3000), /nested too deeply/],
    ['arrays in arrays, each claiming more than there is', repeated(array32(50_000), 10_000), /too many/],
    ['short arrays in arrays', repeated([0x91], 50_000), /nested too deeply/],
    ['arrays of 16 bits', repeated([0xdc, 0x40, 0], 5000), /too many/],
    ['mappings in mappings', repeated([0x81, 0x01], 50_000), /nested too deeply/],
    ['mappings of 32 bits', repeated([...map32(3000), 0x01], 3000), /too many/],
    ['mappings as keys', repeated([0x81], 50_000), /nested too deeply/],
    ['one array that claims all the world', Uint8Array.from(array32(0xffff_ffff)), /too many values/],
    ['one mapping that claims all the world', Uint8Array.from(map32(0xffff_ffff)), /too many/],
    [
      'an array beyond the limit',
      Uint8Array.from([...array32(elements + 1), ...repeated([0], elements + 1)]),
      /too many values/,
    ],
    ['many lists', Uint8Array.from([...array32(lists), ...repeated([0x90], lists)]), /too many lists/],
    [
      'many empty mappings',
      Uint8Array.from([...array32(lists), ...repeated([0x80], lists)]),
      /too many lists/,
    ],
    [
      'a mapping of many keys',
      Uint8Array.from([...map32(keys + 1), ...repeated([1, 1], keys + 1)]),
      /too many keys/,
    ],
    ['a text longer than the message', Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff, 0x61), /cut off/],
    ['bytes longer than the message', Uint8Array.of(0xc6, 0x7f, 0xff, 0xff, 0xff, 0x61), /cut off/],
    ['a column longer than the message', Uint8Array.of(0xc9, 0x7f, 0xff, 0xff, 0xff, 0x00), /cut off/],
    ['a second message behind the first', Uint8Array.of(0xc0, 0xc0), /bytes after its end/],
    ['more bytes than a message may have', new Uint8Array(bytes + 1), /too long/],
  ])('%s are refused before anything is made', (_what, message, why) => {
    expect(() => decodeUntrustedMessage(message)).toThrow(why);
  });

  test('a message as large as a window may need is taken', () => {
    const ids = Array.from({ length: 65_536 }, (_, at) => at);
    const aggregates = { lwps: ids, processes: ids, syncs: ids, cpus: ids.slice(0, 1024) };
    expect(decodeUntrustedMessage(encodeMessage(aggregates))).toStrictEqual(aggregates);
    const nested = Uint8Array.from([...repeated([0x91], depth), 1]);
    expect(decodeUntrustedMessage(nested)).toStrictEqual(decodeMessage(nested));
  });

  test('a column of half an element, and an unknown element type, are refused', () => {
    expect(() => decodeUntrustedMessage(Uint8Array.of(0xd6, 7, 0, 0, 0, 0))).toThrow(/not a column/);
    expect(() => decodeUntrustedMessage(Uint8Array.of(0xd6, 99, 0, 0, 0, 0))).toThrow(/not a column/);
  });

  test('cut off anywhere, a message is refused', () => {
    const whole = encodeMessage({ type: 'request', id: 1, params: { column: Float64Array.of(1, 2, 3) } });
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeUntrustedMessage(whole.subarray(0, length))).toThrow(/not a message/);
    }
  });
});

describe('untrusted values', () => {
  const nested = (wrap: (inner: unknown) => unknown, depth: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level++) value = wrap(value);
    return value;
  };
  const endless: unknown[] = [];
  endless.push(endless, endless);

  test.each<[string, unknown, RegExp]>([
    ['lists in lists', nested((inner) => [inner], 100_000), /nested too deeply/],
    ['mappings in mappings', nested((inner) => ({ inner }), 100_000), /nested too deeply/],
    ['a list that contains itself', endless, /nested too deeply|too many/],
    [
      'one list as every part of another',
      nested((inner) => Array.from({ length: 100 }, () => inner), 5),
      /too many/,
    ],
    ['a list with room for thousands of millions', Array(2 ** 31), /too many values/],
    [
      'many keys',
      Object.fromEntries(Array.from({ length: 20_000 }, (_, key) => [`k${key}`, 1])),
      /too many keys/,
    ],
    ['a text of many megabytes', { text: 'x'.repeat(5 << 20) }, /too long/],
    ['a column of many megabytes', { data: new Uint8Array(5 << 20) }, /too long/],
  ])('%s are refused', (_what, value, why) => {
    expect(() => checkStructure(value)).toThrow(why);
  });

  test('plain messages pass', () => {
    checkStructure({
      type: 'request',
      id: 1,
      name: 'x',
      params: { lanes: [{ kind: 'cpu', id: 1 }], a: undefined },
    });
    checkStructure(null);
  });
});
