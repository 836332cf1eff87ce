/**
 * Signal numbers and sets (sys/signal.h): three 32-bit words, signal n is bit (n - 1) % 32 of word
 * (n - 1) / 32.
 *
 * Sets of threads (t_hold, t_sig) and processes (p_sig) are columns of the machine state: a set is named by
 * the kind of its word 0, words 1 and 2 are the next two kinds, and `id` is the thread or the process. Sets
 * that nothing observes are {@link SigSet} values.
 */
import type { Machine } from '../../machine.ts';

/** Signals are 1..MAXSIG. */
export const MAXSIG = 75;
export const SIGKILL = 9;
export const SIGPWR = 19;
export const SIGCHLD = 18;
export const SIGWINCH = 20;
export const SIGURG = 21;
export const SIGSTOP = 23;
export const SIGTSTP = 24;
export const SIGCONT = 25;
export const SIGTTIN = 26;
export const SIGTTOU = 27;
export const SIGWAITING = 32;
export const SIGLWP = 33;
export const SIGFREEZE = 34;
export const SIGTHAW = 35;
/** Sent by libc to a thread that is cancelled. */
export const SIGCANCEL = 36;
export const SIGXRES = 38;
export const SIGJVM1 = 39;
export const SIGJVM2 = 40;
export const SIGINFO = 41;

/** Three words of a set. */
export type SigSet = readonly [number, number, number];

export const EMPTYSET: SigSet = [0, 0, 0];
/** All signals. */
export const FILLSET: SigSet = [-1, -1, 0x7ff];
/** Signals that cannot be blocked. */
export const CANTMASK: SigSet = sigset(SIGKILL, SIGSTOP);
/** Signals whose default is to be ignored. */
export const IGNOREDEFAULT: SigSet = sigset(
  SIGCONT,
  SIGCHLD,
  SIGPWR,
  SIGWINCH,
  SIGURG,
  SIGWAITING,
  SIGLWP,
  SIGCANCEL,
  SIGFREEZE,
  SIGTHAW,
  SIGXRES,
  SIGJVM1,
  SIGJVM2,
  SIGINFO,
);
/** Signals whose default is to stop the process. */
export const STOPDEFAULT: SigSet = sigset(SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU);

/** A set with these signals. */
export function sigset(...signals: readonly number[]): SigSet {
  const words: [number, number, number] = [0, 0, 0];
  for (const signal of signals) words[sigword(signal)]! |= sigmask(signal);
  return words;
}

/** The bit of a signal in its word. */
export function sigmask(signal: number): number {
  return 1 << ((signal - 1) & 31);
}

/** The word of a signal in its set: 0..2. */
export function sigword(signal: number): number {
  return (signal - 1) >> 5;
}

/** Whether a set holds a signal. */
export function inSet(set: SigSet, signal: number): boolean {
  return (set[sigword(signal)]! & sigmask(signal)) !== 0;
}

/** Signals of `a` or `b`. */
export function sigor(a: SigSet, b: SigSet): SigSet {
  return [a[0] | b[0], a[1] | b[1], a[2] | b[2]];
}

/** Signals of `a` that are not in `b`. */
export function sigdiff(a: SigSet, b: SigSet): SigSet {
  return [a[0] & ~b[0], a[1] & ~b[1], a[2] & ~b[2]];
}

/** The lowest signal of a set, 0 for none. */
export function lowestSignal(set: SigSet): number {
  for (let word = 0; word < 3; word++) {
    const bits = set[word]!;
    if (bits !== 0) return word * 32 + 32 - Math.clz32(bits & -bits);
  }
  return 0;
}

/** Whether a set in the machine state holds a signal. */
export function sigismember(machine: Machine, word0: number, id: number, signal: number): boolean {
  return (machine.get(word0 + sigword(signal), id) & sigmask(signal)) !== 0;
}

/** Adds a signal to a set in the machine state. */
export function sigaddset(machine: Machine, word0: number, id: number, signal: number, cause: number): void {
  const kind = word0 + sigword(signal);
  machine.set(kind, id, machine.get(kind, id) | sigmask(signal), cause);
}

/** Takes a signal from a set in the machine state. */
export function sigdelset(machine: Machine, word0: number, id: number, signal: number, cause: number): void {
  const kind = word0 + sigword(signal);
  machine.set(kind, id, machine.get(kind, id) & ~sigmask(signal), cause);
}

/** Assigns all three words of a set in the machine state. */
export function sigassign(machine: Machine, word0: number, id: number, set: SigSet, cause: number): void {
  for (let word = 0; word < 3; word++) machine.set(word0 + word, id, set[word]! | 0, cause);
}

/** A set of the machine state as a value. */
export function sigread(machine: Machine, word0: number, id: number): SigSet {
  return [machine.get(word0, id), machine.get(word0 + 1, id), machine.get(word0 + 2, id)];
}
