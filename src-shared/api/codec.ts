/**
 * Messages as bytes, for pipes that carry nothing else: MessagePack, with typed arrays as extensions.
 *
 * A column arrives as a typed array of the same element type on a buffer of its own. As in JSON, an
 * undefined property is left out and -0 outside of a typed array becomes 0; NaN and the infinities
 * arrive as they are. Numbers of columns are little-endian, as on every processor that Electron and
 * Node 24 are built for in practice.
 */
import { decode as unpack, Encoder, ExtData, type ExtensionCodecType } from '@msgpack/msgpack';
import { WorkbenchError } from '../base/errors.ts';
import { checkPackedStructure } from './message-limits.ts';

/** The extension type of an element type is its place here: append only, both ends must agree. */
const ELEMENT_TYPES = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
] as const;

const columns: ExtensionCodecType<undefined> = {
  tryToEncode(value) {
    if (!ArrayBuffer.isView(value)) return null;
    // instanceof, because Node's Buffer is a Uint8Array too.
    const type = ELEMENT_TYPES.findIndex((constructor) => value instanceof constructor);
    if (type < 0) throw new TypeError(`${value.constructor.name} cannot cross a pipe`);
    return new ExtData(type, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  },
  decode(bytes, type) {
    const constructor = ELEMENT_TYPES[type];
    if (constructor === undefined || bytes.byteLength % constructor.BYTES_PER_ELEMENT !== 0) {
      throw new RangeError('not a column');
    }
    // The bytes lie anywhere in the message: a copy is aligned, and does not keep the message alive.
    return new constructor(bytes.slice().buffer);
  },
};

/** Deeper nesting than any message of the contract has. */
const MAX_DEPTH = 32;

/** Throws a TypeError where `message` holds what cannot cross (functions, symbols, other views). */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  const encoder = new Encoder({ extensionCodec: columns, ignoreUndefined: true, maxDepth: MAX_DEPTH });
  // The encoder is not used again, so its buffer needs no copy.
  return encoder.encodeSharedRef(message);
}

/** Throws `bad-request` where `bytes` are no message of {@link encodeMessage}. */
export function decodeMessage(bytes: ArrayBuffer | Uint8Array): unknown {
  try {
    // An array has at most one element a byte: a header that claims more must not reserve memory for it.
    return unpack(bytes, { extensionCodec: columns, maxArrayLength: bytes.byteLength });
  } catch (thrown) {
    throw noMessage(thrown);
  }
}

/**
 * The same for untrusted bytes. Its work and memory grow with the number of bytes: see
 * MESSAGE_LIMITS.
 */
export function decodeUntrustedMessage(bytes: ArrayBuffer | Uint8Array): unknown {
  try {
    checkPackedStructure(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
  } catch (thrown) {
    throw noMessage(thrown);
  }
  return decodeMessage(bytes);
}

function noMessage(thrown: unknown): WorkbenchError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new WorkbenchError('bad-request', `These bytes are not a message of the workbench: ${why}.`);
}
