/**
 * Payloads as trace-cmd report prints them. Two events have a form of their own, the others are as in ftrace:
 *
 *     sched_switch:   comm:pid [prio] S ==> comm:pid [prio]
 *     sched_wakeup, sched_wakeup_new:   comm:pid [prio] CPU:001
 *
 * The states are those of the tool: it has no `R+`, an idle kernel thread is `W`, and versions differ in
 * which of X and Z is the zombie; so both only mean that the thread is gone.
 */
import { ascii, isDigit, SPACE } from '../input/bytes.ts';
import { Payload } from '../ftrace/payload.ts';
import { LEAVE, type Leave } from '../scheduler-model/leave.ts';

const COLON = 0x3a;
const OPEN = ascii(' [');
const CLOSE = ascii(']');
const ARROW = ascii(' ==> ');
const SUCCESS = ascii(' success=');
const CPU = ascii(' CPU:');

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

export class TraceCmdPayload extends Payload {
  override readSwitch(bytes: Uint8Array, start: number, end: number): boolean {
    const { cursor } = this;
    for (let at = start; at < end; at++) {
      if (!this.takeTask(bytes, at, end)) continue;
      const tid = this.taskTid;
      const priority = cursor.value;
      const state = cursor.at + 1;
      if (!cursor.take(CLOSE) || bytes[state] !== SPACE) continue;
      cursor.at = state + 1;
      while (!cursor.atEnd && bytes[cursor.at] !== SPACE) cursor.at++;
      const letter = bytes[state + 1];
      if (cursor.at === state + 1 || !cursor.take(ARROW)) continue;
      const next = cursor.at;
      for (let p = next; p < end; p++) {
        if (!this.takeTask(bytes, p, end)) continue;
        this.otherPriority = cursor.value;
        if (!cursor.take(CLOSE) || !this.atLineEnd()) continue;
        this.commStart = start;
        this.commEnd = at;
        this.tid = tid;
        this.priority = priority;
        this.leave = LEAVE_OF_LETTER[String.fromCharCode(letter!)] ?? LEAVE.unknown;
        this.otherCommStart = next;
        this.otherCommEnd = p;
        this.otherTid = this.taskTid;
        return true;
      }
    }
    return false;
  }

  override readWakeup(bytes: Uint8Array, start: number, end: number): boolean {
    const { cursor } = this;
    for (let at = start; at < end; at++) {
      if (!this.takeTask(bytes, at, end)) continue;
      this.priority = cursor.value;
      if (!cursor.take(CLOSE) || (cursor.take(SUCCESS) && !cursor.takeInteger())) continue;
      if (!cursor.take(CPU) || !cursor.takeInteger() || !this.atLineEnd()) continue;
      this.targetCpu = cursor.value;
      this.commStart = start;
      this.commEnd = at;
      this.tid = this.taskTid;
      return true;
    }
    // sched_waking, and any of them where the tool had no form of its own for it.
    return super.readWakeup(bytes, start, end);
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
