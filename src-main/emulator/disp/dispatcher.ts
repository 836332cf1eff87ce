/**
 * The dispatcher (disp.c): a queue for each CPU, one for each processor set's highest priorities, and the
 * choice of what runs next.
 *
 * Functions carry the kernel's names. CPU is `machine.cpuNow`, curthread is `machine.curthread`, both NONE in
 * interrupts of no particular CPU. A thread of -1 on a CPU is its idle thread.
 *
 * Not here: lgroups and CMT (one chip without shared caches is assumed), swapping.
 *
 * Hot: setbackdq, setfrontdq, dispdeq, disp and swtch run several times a context switch and allocate nothing.
 */
import { NONE } from '#shared/base/brand.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { kernelPreemptQueueId, queueIdentity, runQueueId } from '#shared/model/queues.ts';
import { ASSERT } from '../assert-kernel.ts';
import type { KernelContext } from '../kernel-context.ts';
import type { Machine } from '../machine.ts';
import { DispQueues } from './disp-queue.ts';
import { DISP_PRIO } from './thread.ts';
