/**
 * A 64-bit running digest of 32-bit integers, for telling whether two sequences are the same.
 *
 * Two independent 32-bit lanes of the MurmurHash3 mixing step (Appleby, public domain algorithm). It
 * finds accidents (a flipped byte, a nondeterministic run), it does not resist a forger. Allocates
 * nothing per value.
 */
export class Digest {
  private laneA: number;
  private laneB: number;
  private count = 0;

  constructor(seed = 0) {
    this.laneA = (0x9747b28c ^ seed) | 0;
    this.laneB = (0x3c6ef372 ^ seed) | 0;
  }

  /** Adds one value; only its low 32 bits count. */
  add(value: number): void {
    let k = Math.imul(value | 0, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    k = Math.imul(k, 0x1b873593);
    let a = this.laneA ^ k;
    a = (a << 13) | (a >>> 19);
    this.laneA = (Math.imul(a, 5) + 0xe6546b64) | 0;

    let m = Math.imul(value | 0, 0x239b961b);
    m = (m << 17) | (m >>> 15);
    m = Math.imul(m, 0xab0e9789);
    let b = this.laneB ^ m;
    b = (b << 19) | (b >>> 13);
    this.laneB = (Math.imul(b, 5) + 0x561ccd1b) | 0;
    this.count = (this.count + 1) | 0;
  }

  /** Adds a whole number of up to 53 bits as two values, low word first. */
  addWide(value: number): void {
    this.add(value | 0);
    this.add(Math.floor(value / 0x1_0000_0000));
  }

  /** The digest so far, 16 hexadecimal characters. The running state is not changed. */
  hex(): string {
    return finish(this.laneA ^ this.count) + finish(this.laneB ^ this.count);
  }
}

function finish(lane: number): string {
  let h = lane;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return (h >>> 0).toString(16).padStart(8, '0');
}
