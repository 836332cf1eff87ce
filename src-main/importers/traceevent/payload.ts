/**
 * Payloads as libtraceevent prints them, for trace-cmd report and for perf script. With its plugins installed two
 * events have a form of their own, the others are as in ftrace:
 *
 *     sched_switch:   comm:pid [prio] S ==> comm:pid [prio]
 *     sched_wakeup, sched_wakeup_new:   comm:pid [prio] [success=1] CPU:001
 *
 * Kernels before 2.6.33 print nearly the same themselves: `task comm:pid [prio] (S) ==> comm:pid [prio]`,
 * `task comm:pid [prio] success=1 [001]`. trace-cmd report -w adds ` Latency: 63.000 usecs` to a switch.
 *
 * Without them, or where a plugin has no form for it, the form is ftrace's, so that one is tried first.
 *
 * The states are those of the library: it has no `R+`, an idle kernel thread is `W`, and versions differ in
 * which of X and Z is the zombie; so both only mean that the thread is gone.
 */
import { ascii, isDigit, matches, SPACE } from '../input/bytes.ts';
import { Payload } from '../ftrace/payload.ts';
import { LEAVE, type Leave } from '../scheduler-model/leave.ts';

const COLON = 0x3a;
const OPEN = ascii(' [');
const CLOSE = ascii(']');
const ARROW = ascii(' ==> ');
const SUCCESS = ascii(' success=');
/** The kernel dropped the field; older plugins still look for it, and say so in the middle of the line. */
const NO_SUCCESS = ascii('<CANT FIND FIELD success>');
const CPU = ascii(' CPU:');
const LATENCY = ascii(' Latency: ');
const TASK = ascii('task ');
const OPEN_PARENTHESIS = 0x28;
const OLD_MIGRATE = /^task (.*):(\d{1,9}) \[(-?\d{1,9})\] from: (\d{1,5}) {1,2}to: (\d{1,5})\s*$/;
const OLD_FORK = /^parent (.*):(\d{1,9}) {1,2}child (.*):(\d{1,9})\s*$/;
const OLD_EXIT = /^task (.*):(\d{1,9}) \[(-?\d{1,9})\]\s*$/;

const LEAVE_OF_LETTER: Readonly<Record<string, Leave>> = {
  R: LEAVE.runnable,
  S: LEAVE.interruptible,
  D: LEAVE.uninterruptible,
  W: LEAVE.idle,
  I: LEAVE.idle,
  T: LEAVE.stopped,
  t: LEAVE.stopped,
  P: LEAVE.parked,
  X: LEAVE.dead,
  x: LEAVE.dead,
  Z: LEAVE.dead,
};

export class TraceeventPayload extends Payload {
  override readSwitch(bytes: Uint8Array, start: number, end: number): boolean {
    return super.readSwitch(bytes, start, end) || this.readShortSwitch(bytes, start, end);
  }

  override readWakeup(bytes: Uint8Array, start: number, end: number): boolean {
    return super.readWakeup(bytes, start, end) || this.readShortWakeup(bytes, start, end);
  }

  override readMigrate(bytes: Uint8Array, start: number, end: number): boolean {
    if (super.readMigrate(bytes, start, end)) return true;
    const match = this.readOld(OLD_MIGRATE, bytes, start, end, TASK.length);
    if (match === null) return false;
    this.priority = Number(match[3]);
    this.targetCpu = Number(match[5]);
    return true;
  }

  override readFork(bytes: Uint8Array, start: number, end: number): boolean {
    if (super.readFork(bytes, start, end)) return true;
    const match = this.readOld(OLD_FORK, bytes, start, end, 'parent '.length);
    if (match === null) return false;
    this.otherCommEnd = start + match[0].trimEnd().length - match[4]!.length - 1;
    this.otherCommStart = this.otherCommEnd - match[3]!.length;
    this.otherTid = Number(match[4]);
    return true;
  }

  override readExit(bytes: Uint8Array, start: number, end: number): boolean {
    if (super.readExit(bytes, start, end)) return true;
    const match = this.readOld(OLD_EXIT, bytes, start, end, TASK.length);
    if (match === null) return false;
    this.priority = Number(match[3]);
    this.groupDead = false;
    return true;
  }

  protected override atLineEnd(): boolean {
    const { bytes, at, end } = this.cursor;
    return super.atLineEnd() || matches(bytes, at, end, LATENCY);
  }

  /** A payload of an old kernel that few lines have; leaves its first name and thread id. */
  private readOld(
    pattern: RegExp,
    bytes: Uint8Array,
    start: number,
    end: number,
    nameAt: number,
  ): RegExpExecArray | null {
    const match = pattern.exec(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
    if (match === null) return null;
    this.commStart = start + nameAt;
    this.commEnd = this.commStart + match[1]!.length;
    this.tid = Number(match[2]);
    return match;
  }

  private readShortSwitch(bytes: Uint8Array, start: number, end: number): boolean {
    const { cursor } = this;
    for (let at = start; at < end; at++) {
      if (!this.takeTask(bytes, at, end)) continue;
      const tid = this.taskTid;
      const priority = cursor.value;
      const state = cursor.at + 1;
      if (!cursor.take(CLOSE) || bytes[state] !== SPACE) continue;
      cursor.at = state + 1;
      while (!cursor.atEnd && bytes[cursor.at] !== SPACE) cursor.at++;
      const isOld = bytes[state + 1] === OPEN_PARENTHESIS;
      const letter = bytes[isOld ? state + 2 : state + 1];
      const stateEnd = cursor.at;
      if (stateEnd === state + 1 || !cursor.take(ARROW)) continue;
      const next = cursor.at;
      for (let p = next; p < end; p++) {
        if (!this.takeTask(bytes, p, end)) continue;
        this.otherPriority = cursor.value;
        if (!cursor.take(CLOSE) || !this.atLineEnd()) continue;
        this.commStart = isOld ? afterTask(bytes, start, end) : start;
        this.commEnd = at;
        this.tid = tid;
        this.priority = priority;
        this.leave =
          LEAVE_OF_LETTER[String.fromCharCode(letter!)] ??
          (isOld
            ? this.rareLeave(bytes, state + 2, stateEnd - 1)
            : this.rareLeave(bytes, state + 1, stateEnd));
        this.otherCommStart = next;
        this.otherCommEnd = p;
        this.otherTid = this.taskTid;
        return true;
      }
    }
    return false;
  }

  private readShortWakeup(bytes: Uint8Array, start: number, end: number): boolean {
    const { cursor } = this;
    for (let at = start; at < end; at++) {
      if (!this.takeTask(bytes, at, end)) continue;
      this.priority = cursor.value;
      if (!cursor.take(CLOSE)) continue;
      if (!cursor.take(NO_SUCCESS) && cursor.take(SUCCESS) && !cursor.takeInteger()) continue;
      const isOld = !cursor.take(CPU);
      if (isOld && !cursor.take(OPEN)) continue;
      if (!cursor.takeInteger() || (isOld && !cursor.take(CLOSE)) || !this.atLineEnd()) continue;
      this.targetCpu = cursor.value;
      this.commStart = isOld ? afterTask(bytes, start, end) : start;
      this.commEnd = at;
      this.tid = this.taskTid;
      return true;
    }
    return false;
  }

  private taskTid = 0;

  /** `:tid [priority` at `at`: leaves the thread id in {@link taskTid} and the priority in the cursor's value. */
  private takeTask(bytes: Uint8Array, at: number, end: number): boolean {
    if (bytes[at] !== COLON || !isDigit(bytes[at + 1])) return false;
    const { cursor } = this;
    cursor.set(bytes, at + 1, end);
    if (!cursor.takeInteger()) return false;
    this.taskTid = cursor.value;
    return cursor.take(OPEN) && cursor.takeInteger();
  }
}

/** The place after the word `task`, where that is how a payload begins. */
const afterTask = (bytes: Uint8Array, start: number, end: number): number =>
  matches(bytes, start, end, TASK) ? start + TASK.length : start;
