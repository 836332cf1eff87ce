/** The parts of unbzip2-stream that bzip2.ts uses; the package has no types of its own. */
declare module 'unbzip2-stream/lib/bit_iterator.js' {
  export interface Bits {
    (count: number | null): number;
    /** Bytes begun so far. */
    readonly bytesRead: number;
  }
  export default function bitIterator(nextBuffer: () => Uint8Array): Bits;
}
declare module 'unbzip2-stream/lib/bzip2.js' {
  import type { Bits } from 'unbzip2-stream/lib/bit_iterator.js';
  const bzip2: {
    /** Reads the head of a stream. Returns the size of its blocks in 100,000 bytes. */
    header(bits: Bits): number;
    /**
     * Unpacks one block into `put`.
     *
     * @param check the stream's checksum so far
     * @returns the checksum with this block, null at the end of the stream
     */
    decompress(
      bits: Bits,
      put: (byte: number) => void,
      scratch: Int32Array,
      size: number,
      check: number,
    ): number | null;
  };
  export default bzip2;
}
