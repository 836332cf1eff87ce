/**
 * Rows about preemption control: the memory that thread and kernel share, the request not to be preempted,
 * and what the kernel decided.
 *
 * The request itself is a store of the program that no trace shows: a window begins with the first sign of
 * it, which is the kernel's first decision about it.
 */
import type { CauseId, CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE, isSliceExtension } from '#shared/model/causes.ts';
import { DECISION, PAGE_KIND, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';
import type { FieldRows } from './field-rows.ts';
import type { Slots } from './slots.ts';
import type { Threads } from './threads.ts';

export class SlotRows {
  private readonly fields: FieldRows;
  private readonly slots: Slots;
  private readonly threads: Threads;
  private readonly writer: TransitionProbe;

  constructor(fields: FieldRows, slots: Slots, threads: Threads, writer: TransitionProbe) {
    this.fields = fields;
    this.slots = slots;
    this.threads = threads;
    this.writer = writer;
  }

  /** The kernel stored the CPU. As in the emulator, every store is a row, whether it changes the value or not. */
  storeCpu(lwp: LwpId, cpu: CpuId): void {
    const slot = this.slotOf(lwp, CAUSE.rseq_register);
    this.fields.store(KIND.sc_cpu, slot, lwp, CAUSE.rseq_update, cpu);
  }

  /** The kernel gave the thread the slot at an index of a page. */
  allocated(lwp: LwpId, page: number, index: number): void {
    if (this.slots.of(lwp) === page * SLOT_ID_STRIDE + index) return;
    this.end(lwp, CAUSE.schedctl_shared_alloc);
    this.slots.take(lwp, page, index);
    this.show(lwp, CAUSE.schedctl_shared_alloc);
  }

  /** @param cause the function that decided */
  decided(lwp: LwpId, outcome: number, timeleft: number, cause: CauseId): void {
    const slot = this.slotOf(lwp, cause);
    const deferred = outcome === DECISION.deferredAtTick || outcome === DECISION.deferredAtPreempt;
    const asked = deferred || outcome === DECISION.forced;
    if (asked) this.fields.assign(KIND.sc_nopreempt, slot, lwp, cause, 1);
    this.fields.by(lwp, cause).assign(KIND.decision, outcome, timeleft, withoutRequest(outcome));
    if (isSliceExtension(cause)) {
      // Linux has no sc_yield: that an extension is granted is all that the kernel writes.
      if (!deferred) this.fields.assign(KIND.sc_nopreempt, slot, lwp, cause, 0);
      return;
    }
    if (deferred) this.fields.assign(KIND.sc_yield, slot, lwp, cause, 1);
    else if (outcome === DECISION.forced) this.requestEnded(lwp, cause);
    else if (outcome === DECISION.yielded) this.fields.assign(KIND.sc_yield, slot, lwp, cause, 0);
  }

  /** The timer of an extension is armed; as {@link SchedulerModel.sliceTimer}. */
  sliceTimer(lwp: LwpId, lengthNs: Ns, askedAgoNs: Ns, woken: number, cause: CauseId): void {
    this.fields.by(lwp, cause).assign(KIND.slice_timer, lengthNs, askedAgoNs, woken);
  }

  /** The decision that follows is about a system call. */
  endedBySyscall(lwp: LwpId, syscall: number, cause: CauseId): void {
    this.fields.by(lwp, cause).assign(KIND.slice_syscall, syscall, 0, 0);
  }

  /** The source shows the request itself. */
  requestBegan(lwp: LwpId, cause: CauseId): void {
    const slot = this.slotOf(lwp, cause);
    this.fields.assign(KIND.sc_nopreempt, slot, lwp, cause, 1);
  }

  /** The request is over, and with it the kernel's wish for a yield. */
  requestEnded(lwp: LwpId, cause: CauseId): void {
    const slot = this.slots.of(lwp);
    if (slot === NONE) return;
    this.fields.assign(KIND.sc_yield, slot, lwp, cause, 0);
    this.fields.assign(KIND.sc_nopreempt, slot, lwp, cause, 0);
  }

  /** The thread is gone, and its slot free. */
  end(lwp: LwpId, cause: CauseId): void {
    const slot = this.slots.of(lwp);
    if (slot === NONE) return;
    this.fields.assign(KIND.t_schedctl, lwp, lwp, cause, NONE);
    this.fields.assign(KIND.slot_allocated, slot, lwp, cause, 0);
    this.fields.assign(KIND.slot_lwp, slot, lwp, cause, NONE);
    this.slots.leave(lwp);
  }

  /** The slot of a thread; one is shown for it on the first sign that it has one. */
  private slotOf(lwp: LwpId, cause: CauseId): number {
    const known = this.slots.of(lwp);
    if (known !== NONE) return known;
    const kind = isRseqArea(cause) ? PAGE_KIND.rseq : PAGE_KIND.schedctl;
    this.slots.takeUnplaced(lwp, this.threads.processOf(lwp), kind);
    return this.show(lwp, cause);
  }

  private show(lwp: LwpId, cause: CauseId): number {
    const slot = this.slots.of(lwp);
    const process = this.threads.processOf(lwp);
    const page = Math.floor(slot / SLOT_ID_STRIDE);
    if (this.slots.announce(slot, process, this.writer)) {
      this.fields.assign(KIND.page_process, page, lwp, cause, process);
    }
    this.fields.assign(KIND.slot_allocated, slot, lwp, cause, 1);
    this.fields.assign(KIND.slot_lwp, slot, lwp, cause, lwp);
    this.fields.assign(KIND.t_schedctl, lwp, lwp, cause, slot);
    return slot;
  }
}

/** Whether the first sign of a slot is one of an rseq area. */
const isRseqArea = (cause: CauseId): boolean => cause === CAUSE.rseq_register || isSliceExtension(cause);

/** What would have happened without the request. */
function withoutRequest(outcome: number): number {
  if (outcome === DECISION.deferredAtTick) return WITHOUT_NOPREEMPT.expired;
  if (outcome === DECISION.deferredAtPreempt) return WITHOUT_NOPREEMPT.preempted;
  return WITHOUT_NOPREEMPT.same;
}
