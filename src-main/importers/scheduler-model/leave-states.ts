/**
 * prev_state as sources write it, to {@link LEAVE}: as the kernel's number, whose bits differ between kernels,
 * or as letters. What cannot be told is counted and reported.
 *
 *     kernel        R+     dead  parked  idle                  (TASK_STATE_MAX and TASK_* of include/linux/sched.h)
 *     up to 3.8     512    64    -       -
 *     3.9 to 4.1    1024   64    512     -
 *     4.2 to 4.7    2048   64    512     1024|2
 *     4.8 to 4.13   4096   64    512     1024|2
 *     from 4.14     256    16    64      128
 *
 * A text has no table of them. The kernel's version tells which row holds, where the text has it; else the
 * numbers themselves do, because most of them are in one row only.
 */
import { LEAVE, type Leave } from './leave.ts';

const SLEEPS = 1;
const WAITS = 2;
const STOPPED = 4 | 8;
const DEAD = 16;
const ZOMBIE = 32;
const BIT_64 = 64;
const BIT_128 = 128;
const BIT_256 = 256;
const BIT_512 = 512;
const BIT_1024 = 1024;
/** With one of these a thread was preempted, on every kernel that has them. */
const PREEMPTED = 2048 | 4096;

/** The rows of the table above that the numbers may be from. */
const TABLE = { unknown: 0, until3_8: 1, from3_9: 2, from4_2: 3, from4_14: 4 } as const;
type Table = (typeof TABLE)[keyof typeof TABLE];

/** Texts told one by one. */
const LISTED = 20;

export class LeaveStates {
  private table: Table = TABLE.unknown;
  private readonly unread = new Map<string, number>();
  private unlisted = 0;
  private ambiguousDead = 0;
  private ambiguousPreempted = 0;

  /** Says which kernel the source is from. */
  kernel(major: number, minor: number): void {
    const version = major * 1000 + minor;
    this.table =
      version >= 4014
        ? TABLE.from4_14
        : version >= 4002
          ? TABLE.from4_2
          : version >= 3009
            ? TABLE.from3_9
            : TABLE.until3_8;
  }

  /** The source names one of the states that the bit 64 may be. */
  bit64Is(dead: boolean): void {
    if (this.table === TABLE.unknown) this.table = dead ? TABLE.from3_9 : TABLE.from4_14;
  }

  /** The source has this number for a state somewhere: what it tells of the kernel holds for all of it. */
  learnFrom(state: number): void {
    if (Number.isInteger(state) && state > 0) this.learn(state);
  }

  /** A state that the source writes as a number. */
  ofNumber(state: number): Leave {
    if (state === 0) return LEAVE.runnable;
    if (!Number.isInteger(state) || state < 0 || state >= 2 * 4096) return this.ofText(String(state));
    this.learn(state);
    const { table } = this;
    if ((state & PREEMPTED) !== 0) return LEAVE.runnableInKernel;
    if ((state & BIT_1024) !== 0) {
      return (state & WAITS) !== 0 && table !== TABLE.from3_9 ? LEAVE.idle : LEAVE.runnableInKernel;
    }
    if ((state & BIT_512) !== 0) {
      if (table === TABLE.from3_9 || table === TABLE.from4_2) return LEAVE.parked;
      if (table === TABLE.unknown) this.ambiguousPreempted++;
      return LEAVE.runnableInKernel;
    }
    if ((state & BIT_256) !== 0) return LEAVE.runnableInKernel;
    // With TASK_WAKEKILL (128) a wait can be interrupted by a fatal signal; an idle thread has no other bit.
    if ((state & WAITS) !== 0) return LEAVE.uninterruptible;
    if ((state & SLEEPS) !== 0) return LEAVE.interruptible;
    if ((state & ZOMBIE) !== 0) return LEAVE.zombie;
    if ((state & DEAD) !== 0) return LEAVE.dead;
    if ((state & BIT_64) !== 0) {
      if (table === TABLE.from4_14) return LEAVE.parked;
      if (table !== TABLE.unknown) return LEAVE.dead;
      this.ambiguousDead++;
      return LEAVE.unknown;
    }
    if ((state & STOPPED) !== 0) return LEAVE.stopped;
    if ((state & BIT_128) !== 0) return LEAVE.idle;
    return this.ofText(String(state));
  }

  /** A state that the source writes as a text that nothing is known of. */
  ofText(text: string): Leave {
    const count = this.unread.get(text);
    if (count === undefined && this.unread.size === LISTED) this.unlisted++;
    else this.unread.set(text, (count ?? 0) + 1);
    return LEAVE.unknown;
  }

  /** Sentences for the report. */
  warnings(): string[] {
    const warnings: string[] = [];
    const unread = [...this.unread].map(([text, count]) => `${text} (${count})`);
    if (this.unlisted > 0) unread.push(`others (${this.unlisted})`);
    if (unread.length > 0) {
      warnings.push(
        `States that are not known: ${unread.join(', ')}. Threads that left their CPU in one of them are shown in an unknown state.`,
      );
    }
    if (this.ambiguousDead > 0) {
      warnings.push(
        `The state 64 occurs ${times(this.ambiguousDead)} before anything tells the kernel's version: dead before Linux 4.14, ` +
          'parked from then on. Those threads are shown in an unknown state. Print states as letters (trace-cmd report without -R).',
      );
    }
    if (this.ambiguousPreempted > 0) {
      warnings.push(
        `The state 512 occurs ${times(this.ambiguousPreempted)} and is shown as preempted, as on Linux up to 3.8: on 3.9 to 4.13 it is ` +
          'parked. Print states as letters (trace-cmd report without -R).',
      );
    }
    return warnings;
  }

  /** Numbers that only some kernels have tell which it is. */
  private learn(state: number): void {
    const { table } = this;
    if (table !== TABLE.unknown && table !== TABLE.from3_9) return;
    if ((state & PREEMPTED) !== 0) this.table = TABLE.from4_2;
    else if (table !== TABLE.unknown) return;
    else if ((state & BIT_1024) !== 0)
      this.table = state === (BIT_1024 | WAITS) ? TABLE.from4_2 : TABLE.from3_9;
    // 256 was TASK_WAKING, in which no thread leaves a CPU; a thread that died left with 64.
    else if (state === BIT_256 || state === BIT_128 || state === DEAD || state === ZOMBIE) {
      this.table = TABLE.from4_14;
    }
  }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
