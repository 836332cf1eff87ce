/**
 * Random synchronisation objects and steps about them. Waits for conditions have a time, so that nobody waits for ever
 * for a signal that does not come; waits for semaphores stand before a post of the same program.
 */
import fc from 'fast-check';
import { SYNC_KIND } from '#shared/model/enums.ts';
import type { DurationPlan, LockPlan, StepPlan } from '#main/emulator/plan.ts';

const LINE = 1;

/** A lock of any kind; the number is part of its name. */
export const lock = (index: number): fc.Arbitrary<LockPlan> => {
  const name = `lock ${index}`;
  return fc.constantFrom<LockPlan>(
    { name, kind: SYNC_KIND.spinlock, spinThenDelay: null },
    {
      name,
      kind: SYNC_KIND.spinlock,
      spinThenDelay: { spinNs: 50_000, firstDelayNs: 100_000, mostDelayNs: 2_000_000 },
    },
    { name, kind: SYNC_KIND.mutex },
    { name, kind: SYNC_KIND.adaptiveMutex, spinNs: 30_000 },
    { name, kind: SYNC_KIND.queueLock },
  );
};

/** Where the objects that every plan has stand behind its locks. */
export interface SharedObjects {
  readonly monitor: number;
  readonly condition: number;
  readonly semaphore: number;
}

/** A monitor (a mutex with a condition variable) and a semaphore, behind `locks` locks. */
export function sharedObjects(locks: number): SharedObjects {
  return { monitor: locks, condition: locks + 1, semaphore: locks + 2 };
}

export const sharedObjectPlans: readonly LockPlan[] = [
  { name: 'monitor', kind: SYNC_KIND.adaptiveMutex, spinNs: 20_000 },
  { name: 'condition', kind: SYNC_KIND.condition },
  { name: 'semaphore', kind: SYNC_KIND.semaphore, count: 2 },
];

/** Steps that hold nothing when they are over. `wait`: they may wait for the condition. */
export const syncSteps = (
  { monitor, condition, semaphore }: SharedObjects,
  duration: fc.Arbitrary<DurationPlan>,
): fc.Arbitrary<StepPlan[]> => {
  const inside = (steps: readonly StepPlan[]): StepPlan[] => [
    { op: 'lock', lock: monitor, line: LINE },
    ...steps,
    { op: 'unlock', lock: monitor, line: LINE },
  ];
  return fc.oneof(
    duration.map((timeout) => inside([{ op: 'wait', condition, lock: monitor, timeout, line: LINE }])),
    duration.map((compute) =>
      inside([
        { op: 'signal', condition, line: LINE },
        { op: 'compute', duration: compute, line: LINE },
      ]),
    ),
    fc.constant<StepPlan[]>([{ op: 'broadcast', condition, line: LINE }]),
    fc.constant(inside([{ op: 'broadcast', condition, line: LINE }])),
    duration.map((compute): StepPlan[] => [
      { op: 'sema_wait', semaphore, line: LINE },
      { op: 'compute', duration: compute, line: LINE },
      { op: 'sema_post', semaphore, line: LINE },
    ]),
    fc.constantFrom<StepPlan[]>(
      [{ op: 'schedctl_init', line: LINE }],
      [{ op: 'schedctl_lookup', line: LINE }],
      [{ op: 'schedctl_exit', line: LINE }],
      [{ op: 'mark', mark: 3, line: LINE }],
    ),
  );
};
