/**
 * Signal numbers and sets (sys/signal.h): three 32-bit words, signal n is bit (n - 1) % 32 of word
 * (n - 1) / 32. A thread's sets are columns of the machine state; a set is named by the kind of its word 0.
 */
import type { Machine } from '../machine.ts';

/** Signals are 1..MAXSIG. */
export const MAXSIG = 75;
export const SIGKILL = 9;
export const SIGSTOP = 23;
/** Sent by libc to a thread that is cancelled. */
export const SIGCANCEL = 36;

/** Three words of a set. */
export type SigSet = readonly [number, number, number];

/** All signals. */
export const FILLSET: SigSet = [-1, -1, 0x7ff];
/** Signals that cannot be blocked. */
export const CANTMASK: SigSet = [(1 << (SIGKILL - 1)) | (1 << (SIGSTOP - 1)), 0, 0];

/** Kind of word 0 of a thread's set (`t_hold0`, `t_sig0`); words 1 and 2 are the next two kinds. */
export type SigSetKind = number;

/** The bit of a signal in its word. */
export function sigmask(signal: number): number {
  return 1 << ((signal - 1) & 31);
}

/** The word of a signal in its set. */
export function sigword(signal: number): number {
  return (signal - 1) >> 5;
}

/** Whether a thread's set holds a signal. */
export function sigismember(machine: Machine, word0: SigSetKind, t: number, signal: number): boolean {
  return (machine.get(word0 + sigword(signal), t) & sigmask(signal)) !== 0;
}

/** Adds a signal to a thread's set. */
export function sigaddset(
  machine: Machine,
  word0: SigSetKind,
  t: number,
  signal: number,
  cause: number,
): void {
  const kind = word0 + sigword(signal);
  machine.set(kind, t, machine.get(kind, t) | sigmask(signal), cause);
}

/** Takes a signal from a thread's set. */
export function sigdelset(
  machine: Machine,
  word0: SigSetKind,
  t: number,
  signal: number,
  cause: number,
): void {
  const kind = word0 + sigword(signal);
  machine.set(kind, t, machine.get(kind, t) & ~sigmask(signal), cause);
}

/** Assigns all three words of a thread's set. */
export function sigassign(machine: Machine, word0: SigSetKind, t: number, set: SigSet, cause: number): void {
  for (let word = 0; word < 3; word++) machine.set(word0 + word, t, set[word]! | 0, cause);
}

/** The words of a thread's set. Allocates. */
export function sigread(machine: Machine, word0: SigSetKind, t: number): SigSet {
  return [machine.get(word0, t), machine.get(word0 + 1, t), machine.get(word0 + 2, t)];
}
