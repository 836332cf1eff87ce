/**
 * Events of a Linux trace that tell about locks:
 *
 * - marker text that a program writes into trace_marker: `L want|acq|rel tid=N lock=NAME`;
 * - uprobes on its lock functions, by name (event-names.ts): `acquire_enter: (0x55cc)`, and where the probe
 *   fetches the lock, `lock=0x7f01` or `arg1=0x7f01` behind it;
 * - the futex system call, as ftrace, perf script or trace-cmd print it;
 * - contention_begin and contention_end, which are about locks of the kernel.
 */
import type { LwpId } from '#shared/base/brands.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import { SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import { EVENT } from './event-names.ts';

const MARKER =
  /^(?:tracing_mark_write: |[0-9a-fx]+: )?L (want|acq|rel)\b(?: tid=(\d{1,7}))?(?: lock=(\S{1,64}))?/;
/** `(0x55)`, `(0x55 <- 0x66)`, then what the probe fetches. */
const PROBE = /^\((?:0x)?[0-9a-f]+(?: <- (?:0x)?[0-9a-f]+)?\)(?:.*?\b(?:lock|mutex|arg1)=(\S{1,64}))?/;
const FUTEX_ADDRESS = /\buaddr[:=]\s*(?:0x)?([0-9a-fA-F]{1,16})/;
const FUTEX_OPERATION = /\bop[:=]\s*(?:(?:0x)?([0-9a-f]{1,8})\b|(FUTEX_[A-Z_0-9]+))/;
/** FUTEX_WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2; the bits above are flags. */
const WAITS: ReadonlySet<number> = new Set([0, 6, 9, 11, 13]);
const WAITS_BY_NAME = /^FUTEX_(?:WAIT(?:_BITSET|_REQUEUE_PI)?|LOCK_PI2?)$/;
const OPERATION_MASK = 0x7f;
const CONTENTION = /^(\S{1,64}) \(flags=([A-Z|]*)\)/;
const KERNEL = 'kernel';
const PROGRAM = 'program';

export class LockEvents {
  private readonly model: SchedulerModel;

  constructor(model: SchedulerModel) {
    this.model = model;
  }

  /** Free text; what is no word about a lock says nothing. */
  marker(text: string): void {
    const { model } = this;
    const match = MARKER.exec(text);
    if (match === null) {
      model.other();
      return;
    }
    // A program in a container writes its thread id there, which is another one here.
    const tid = Number(match[2] ?? 0);
    const lwp = model.taskLwp < 0 && SchedulerModel.holdsThread(tid) ? model.thread(tid) : model.taskLwp;
    const lock = model.repeatsLockLog(lwp, match[3] ?? null)
      ? -1
      : model.locks.id(PROGRAM, match[3] ?? 'lock', SYNC_KIND.unknown);
    if (lock < 0) {
      model.other();
      return;
    }
    if (match[1] === 'want') model.lockWanted(lwp, lock);
    else if (match[1] === 'acq') model.lockAcquired(lwp, lock);
    else model.lockReleased(lwp, lock);
  }

  /** A probe whose name sounds like a lock function. */
  probe(event: number, lwp: LwpId, text: string): void {
    const { model } = this;
    const match = PROBE.exec(text);
    const lock =
      match === null || model.repeatsLockLog(lwp, match[1] ?? null)
        ? -1
        : model.locks.id(PROGRAM, match[1] ?? 'lock', SYNC_KIND.unknown);
    if (lock < 0) model.other();
    else if (event === EVENT['probe: wants a lock']) model.lockWanted(lwp, lock);
    else if (event === EVENT['probe: has the lock']) model.lockAcquired(lwp, lock);
    else model.lockReleased(lwp, lock);
  }

  futexEnter(lwp: LwpId, text: string): void {
    const { model } = this;
    const address = FUTEX_ADDRESS.exec(text)?.[1];
    const operation = FUTEX_OPERATION.exec(text);
    const waits =
      operation !== null &&
      (operation[2] === undefined
        ? WAITS.has(Number.parseInt(operation[1]!, 16) & OPERATION_MASK)
        : WAITS_BY_NAME.test(operation[2]));
    const lock =
      address === undefined || !waits ? -1 : model.locks.id(PROGRAM, `futex 0x${address}`, SYNC_KIND.futex);
    if (lock < 0) model.other();
    else model.futexWait(lwp, lock);
  }

  contentionBegin(lwp: LwpId, text: string): void {
    const { model } = this;
    const match = CONTENTION.exec(text);
    const kind = match?.[2]?.includes('SPIN') === true ? SYNC_KIND.spinlock : SYNC_KIND.unknown;
    const lock = match === null ? -1 : model.locks.id(KERNEL, `kernel ${match[1]!}`, kind);
    if (lock < 0) model.other();
    else model.contentionBegin(lwp, lock);
  }
}
