/**
 * The bookkeeping of dispatcher queues that nothing but the dispatcher sees: how many threads wait at each
 * priority (dq_sruncnt), and which priorities have any (disp_qactmap).
 *
 * The threads themselves are linked in the machine state, where the trace sees them.
 *
 * Hot: everything here runs once or twice for each thread that is queued, and allocates nothing.
 */
import { PRIORITY_LEVELS } from '#shared/model/queues.ts';

const WORD_BITS = 32;
const WORDS = Math.ceil(PRIORITY_LEVELS / WORD_BITS);

export class DispQueues {
  private readonly disp_qactmap: Uint32Array;
  private readonly dq_sruncnt: Int32Array;

  /** @param count how many dispatcher queues (disp_t) there are: CPUs and processor sets */
  constructor(count: number) {
    this.disp_qactmap = new Uint32Array(count * WORDS);
    this.dq_sruncnt = new Int32Array(count * PRIORITY_LEVELS);
  }

  /** Threads of queue `disp` that wait at priority `pri`. */
  length(disp: number, pri: number): number {
    return this.dq_sruncnt[disp * PRIORITY_LEVELS + pri]!;
  }

  /** Counts a thread; true when it is the first at this priority. */
  add(disp: number, pri: number): boolean {
    const at = disp * PRIORITY_LEVELS + pri;
    const before = this.dq_sruncnt[at]!;
    this.dq_sruncnt[at] = before + 1;
    if (before !== 0) return false;
    this.disp_qactmap[disp * WORDS + (pri >>> 5)]! |= 1 << (pri & 31);
    return true;
  }

  /** Stops counting a thread; true when it was the last at this priority. */
  remove(disp: number, pri: number): boolean {
    const at = disp * PRIORITY_LEVELS + pri;
    const after = this.dq_sruncnt[at]! - 1;
    this.dq_sruncnt[at] = after;
    if (after !== 0) return false;
    this.disp_qactmap[disp * WORDS + (pri >>> 5)]! &= ~(1 << (pri & 31));
    return true;
  }

  /** Highest priority below `limit` with a thread, -1 for none (bt_gethighbit). */
  highestBelow(disp: number, limit: number): number {
    let word = limit >>> 5;
    let bits = word < WORDS ? this.disp_qactmap[disp * WORDS + word]! & ((1 << (limit & 31)) - 1) : 0;
    while (bits === 0) {
      if (--word < 0) return -1;
      bits = this.disp_qactmap[disp * WORDS + word]!;
    }
    return word * WORD_BITS + 31 - Math.clz32(bits);
  }
}
