/**
 * Ids of the queues that a thread can be linked on. In the kernel a thread has a single t_link: it is on
 * one queue at most.
 *
 * | id | queue |
 * |---|---|
 * | disp * 256 + priority, disp < 256 | run queue of CPU `disp` at that priority |
 * | (256 + set) * 256 + priority | kernel-preempt queue of processor set `set` at that priority |
 * | 2^20 + sync | sleep queue of synchronisation object `sync` |
 */
import type { CpuId, QueueId, SyncId } from '../base/brands.ts';

/** The most CPUs that a machine may have. */
export const MAX_CPUS = 256;
/** The most processor sets. */
export const MAX_PARTITIONS = 64;
/** Global priorities: 0..159 for threads, ten levels above for interrupts. */
export const PRIORITY_LEVELS = 170;

const PRIORITY_STRIDE = 256;
const SLEEP_QUEUE_BASE = 1 << 20;

/** Ids below this are dispatcher queues. */
export const DISPATCHER_QUEUE_END = (MAX_CPUS + MAX_PARTITIONS) * PRIORITY_STRIDE;

export const runQueueId = (cpu: CpuId, priority: number): QueueId => cpu * PRIORITY_STRIDE + priority;
export const kernelPreemptQueueId = (partition: number, priority: number): QueueId =>
  (MAX_CPUS + partition) * PRIORITY_STRIDE + priority;
export const sleepQueueId = (sync: SyncId): QueueId => SLEEP_QUEUE_BASE + sync;

export type QueueIdentity =
  | { readonly kind: 'run'; readonly cpu: CpuId; readonly priority: number }
  | { readonly kind: 'kernelPreempt'; readonly partition: number; readonly priority: number }
  | { readonly kind: 'sleep'; readonly sync: SyncId };

/** What a queue id stands for. */
export function queueIdentity(id: number): QueueIdentity {
  if (id >= SLEEP_QUEUE_BASE) return { kind: 'sleep', sync: id - SLEEP_QUEUE_BASE };
  const disp = Math.floor(id / PRIORITY_STRIDE);
  const priority = id % PRIORITY_STRIDE;
  return disp < MAX_CPUS
    ? { kind: 'run', cpu: disp, priority }
    : { kind: 'kernelPreempt', partition: disp - MAX_CPUS, priority };
}
