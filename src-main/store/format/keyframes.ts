/** Keyframes: packing the machine's state, and how often. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { InvariantError } from '#shared/base/assert.ts';
import { MachineState, type SubjectLimits } from '#shared/model/machine-state.ts';

/** A seek replays at most this many rows for a machine of usual size: a few milliseconds. */
const FEWEST_ROWS = 8192;
/** For a machine of thousands of LWPs keyframes are rarer, or they would outgrow the events. */
export const MOST_ROWS = 65_536;
/** No machine's state is larger; a file that claims more is damaged. */
const MOST_BYTES = 1 << 26;

/** Rows until the next keyframe after one of `words` words. */
export function keyframeDistance(words: number): number {
  return Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, words));
}

export function packState(words: Int32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  // A copy: zlib's result may share its memory with others.
  return new Uint8Array(deflateRawSync(bytes, { level: 1, chunkSize: 1 << 16 }));
}

/** Throws InvariantError where the bytes are no state. */
export function unpackState(bytes: Uint8Array, limits: SubjectLimits): MachineState {
  let raw: Buffer;
  try {
    raw = inflateRawSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (thrown) {
    throw new InvariantError(`a keyframe cannot be unpacked: ${(thrown as Error).message}`);
  }
  if (raw.byteLength % 4 !== 0) throw new InvariantError('a keyframe has a broken length');
  const aligned = raw.byteOffset % 4 === 0 ? raw : Buffer.from(raw);
  return MachineState.deserialize(
    new Int32Array(aligned.buffer, aligned.byteOffset, raw.byteLength / 4),
    limits,
  );
}
