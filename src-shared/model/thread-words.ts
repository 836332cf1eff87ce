/**
 * What people call the threads that the kernel schedules: an illumos engineer reads of LWPs and their numbers, a Linux
 * engineer of threads and their TIDs. The trace's source decides, here and nowhere else.
 */
export interface ThreadWords {
  /** `LWP`, `thread`: within a sentence. */
  readonly one: string;
  readonly many: string;
  /** `LWP`, `Thread`: at the start of one, and in headings. */
  readonly One: string;
  readonly Many: string;
  /** What stands before its number: `LWP 9`, `TID 4711`. */
  readonly number: string;
}

const ILLUMOS: ThreadWords = { one: 'LWP', many: 'LWPs', One: 'LWP', Many: 'LWPs', number: 'LWP' };
const LINUX: ThreadWords = { one: 'thread', many: 'threads', One: 'Thread', Many: 'Threads', number: 'TID' };

/** Sources whose traces are of illumos. Every other importer reads what Linux, or a program on it, wrote. */
const ILLUMOS_SOURCES: ReadonlySet<string> = new Set(['emulator', 'dtrace']);

/** @param source of a trace, as its meta has it: `emulator`, or the format that was imported */
export const threadWords = (source: string): ThreadWords => (ILLUMOS_SOURCES.has(source) ? ILLUMOS : LINUX);
