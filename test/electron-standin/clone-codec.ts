/**
 * Structured clones as text, for IPC between Node and a page. Every value goes through the platform's own
 * structuredClone first, so that what cannot be cloned (functions, proxies, nodes) throws as it does in Electron.
 *
 * Its source text also runs in pages: it may use nothing from outside itself.
 */

export interface CloneCodec {
  encode(value: unknown): string;
  decode(text: string): unknown;
}

export function makeCloneCodec(): CloneCodec {
  type Encoded = string | number | boolean | null | readonly unknown[];

  // Uint8Array's own base64 is in the browser; Node 24 has Buffer's.
  const toBase64 = (bytes: Uint8Array): string =>
    typeof Buffer === 'undefined'
      ? (bytes as unknown as { toBase64(): string }).toBase64()
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const fromBase64 = (text: string): Uint8Array =>
    typeof Buffer === 'undefined'
      ? (Uint8Array as unknown as { fromBase64(text: string): Uint8Array }).fromBase64(text)
      : new Uint8Array(Buffer.from(text, 'base64'));

  const inner = (value: unknown): Encoded => {
    if (value === undefined) return ['undefined'];
    if (typeof value === 'bigint') return ['bigint', String(value)];
    if (typeof value === 'number') {
      if (Object.is(value, -0)) return ['number', '-0'];
      return Number.isFinite(value) ? value : ['number', String(value)];
    }
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (Array.isArray(value)) return ['array', ...value.map(inner)];
    if (value instanceof ArrayBuffer) return ['buffer', toBase64(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) {
      // A clone has the whole buffer behind its view; nobody looks at the rest here.
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return ['view', value.constructor.name, toBase64(bytes)];
    }
    const kind = Object.prototype.toString.call(value);
    if (kind !== '[object Object]') throw new Error(`An object could not be cloned. (${kind})`);
    return ['object', ...Object.entries(value).map(([key, entry]) => [key, inner(entry)])];
  };

  const outer = (encoded: unknown): unknown => {
    if (!Array.isArray(encoded)) return encoded;
    const [kind, ...rest] = encoded as [string, ...unknown[]];
    switch (kind) {
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(rest[0] as string);
      case 'number':
        return Number(rest[0]);
      case 'array':
        return rest.map(outer);
      case 'buffer':
        return fromBase64(rest[0] as string).buffer;
      case 'view': {
        const constructors = globalThis as unknown as Record<string, new (buffer: unknown) => unknown>;
        return new constructors[rest[0] as string]!(fromBase64(rest[1] as string).buffer);
      }
      default:
        return Object.fromEntries((rest as [string, unknown][]).map(([key, entry]) => [key, outer(entry)]));
    }
  };

  return {
    encode(value) {
      let clone: unknown;
      try {
        clone = structuredClone(value);
      } catch {
        throw new Error('An object could not be cloned.');
      }
      return JSON.stringify(inner(clone));
    },
    decode: (text) => outer(JSON.parse(text)),
  };
}
