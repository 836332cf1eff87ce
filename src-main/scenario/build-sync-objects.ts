/** From locks, condition variables and semaphores, and the steps about them, to their plans. */
import { SYNC_KIND } from '#shared/model/enums.ts';
import type { LockPlan, SyncStepPlan } from '../emulator/plan.ts';
import type { Durations } from './build-durations.ts';
import { choices, type BuildReport } from './build-report.ts';
import type { LockText, ScenarioText, SyncStepText } from './schema.ts';
import type { ValuePath } from './yaml-source.ts';

/** s_lock.c of PostgreSQL: about a hundred pauses, then 1 ms to 1 s. */
const DEFAULT_SPIN_NS = 5_000;
const DEFAULT_FIRST_DELAY_NS = 1_000_000;
const DEFAULT_MOST_DELAY_NS = 1_000_000_000;
/** libc's adaptive spin count, as time. */
const DEFAULT_ADAPTIVE_SPIN_NS = 20_000;

/** Kinds of synchronisation objects that a step can be about. */
interface SyncKinds {
  readonly called: string;
  readonly kinds: readonly number[];
}
const MUTEXES: SyncKinds = { called: 'a mutex', kinds: [SYNC_KIND.mutex, SYNC_KIND.adaptiveMutex] };
const LOCKS: SyncKinds = {
  called: 'a lock',
  kinds: [...MUTEXES.kinds, SYNC_KIND.spinlock, SYNC_KIND.queueLock],
};
const CONDITIONS: SyncKinds = { called: 'a condition variable', kinds: [SYNC_KIND.condition] };
const SEMAPHORES: SyncKinds = { called: 'a semaphore', kinds: [SYNC_KIND.semaphore] };

export class SyncObjects {
  readonly plans: LockPlan[] = [];
  private readonly index = new Map<string, number>();
  private readonly report: BuildReport;
  private readonly durations: Durations;

  constructor(report: BuildReport, durations: Durations, text: ScenarioText) {
    this.report = report;
    this.durations = durations;
    for (const [name, lock] of Object.entries(text.locks ?? {})) {
      this.add(this.lockPlan(name, lock), ['locks', name]);
    }
    (text.conditions ?? []).forEach((condition, at) => {
      const { name, shared } = typeof condition === 'string' ? { name: condition } : condition;
      this.add({ name, ...scope(shared), kind: SYNC_KIND.condition }, ['conditions', at]);
    });
    for (const [name, semaphore] of Object.entries(text.semaphores ?? {})) {
      const { count, shared } = typeof semaphore === 'number' ? { count: semaphore } : semaphore;
      this.add({ name, ...scope(shared), kind: SYNC_KIND.semaphore, count }, ['semaphores', name]);
    }
  }

  /** Names by index. */
  get names(): readonly string[] {
    return this.plans.map(({ name }) => name);
  }

  /** Index of the lock `name`, -1 after a report where there is none. */
  lock(name: string, path: ValuePath): number {
    return this.find(name, LOCKS, path);
  }

  step(step: SyncStepText, path: ValuePath, line: number): SyncStepPlan {
    if ('cond_wait' in step) {
      return {
        op: 'wait',
        condition: this.find(step.cond_wait, CONDITIONS, [...path, 'cond_wait']),
        lock: this.find(step.mutex, MUTEXES, [...path, 'mutex']),
        timeout: this.durations.planOrNull(step.timeout, [...path, 'timeout']),
        line,
      };
    }
    if ('cond_signal' in step) {
      const condition = this.find(step.cond_signal, CONDITIONS, [...path, 'cond_signal']);
      return { op: 'signal', condition, line };
    }
    if ('cond_broadcast' in step) {
      const condition = this.find(step.cond_broadcast, CONDITIONS, [...path, 'cond_broadcast']);
      return { op: 'broadcast', condition, line };
    }
    const op = 'sema_wait' in step ? 'sema_wait' : 'sema_post';
    const name = 'sema_wait' in step ? step.sema_wait : step.sema_post;
    return { op, semaphore: this.find(name, SEMAPHORES, [...path, op]), line };
  }

  /** Index of the synchronisation object `name`, which is to be of one of the kinds. */
  private find(name: string, of: SyncKinds, path: ValuePath): number {
    const isRight = (at: number): boolean => of.kinds.includes(this.plans[at]!.kind);
    const at = this.index.get(name);
    if (at !== undefined && isRight(at)) return at;
    const known = new Map([...this.index].filter(([, other]) => isRight(other)));
    this.report.problem(path, `found "${name}", expected the name of ${of.called}${choices(known)}`);
    return -1;
  }

  private add(plan: LockPlan, path: ValuePath): void {
    if (this.index.has(plan.name)) {
      this.report.problem(path, `found "${plan.name}", which is declared already; expected another name`);
      return;
    }
    this.index.set(plan.name, this.plans.push(plan) - 1);
  }

  private lockPlan(name: string, lock: LockText): LockPlan {
    const plain = typeof lock === 'string' ? { kind: lock } : lock;
    const spin = 'spin' in plain ? plain.spin : undefined;
    const named = { name, ...scope('shared' in plain ? plain.shared : undefined) };
    switch (plain.kind) {
      case 'mutex':
        return { ...named, kind: SYNC_KIND.mutex };
      case 'queue':
        return { ...named, kind: SYNC_KIND.queueLock };
      case 'adaptive': {
        const spinNs = this.durations.ns(spin, DEFAULT_ADAPTIVE_SPIN_NS);
        return { ...named, kind: SYNC_KIND.adaptiveMutex, spinNs };
      }
      case 'spin': {
        const delay = 'delay' in plain ? plain.delay : undefined;
        if (spin === undefined && delay === undefined) {
          return { ...named, kind: SYNC_KIND.spinlock, spinThenDelay: null };
        }
        const firstDelayNs = this.durations.ns(delay?.first, DEFAULT_FIRST_DELAY_NS);
        const mostDelayNs = this.durations.ns(delay?.most, Math.max(DEFAULT_MOST_DELAY_NS, firstDelayNs));
        if (firstDelayNs <= 0 || mostDelayNs < firstDelayNs) {
          this.report.problem(
            ['locks', name, 'delay'],
            'found delays that leave no room, expected first above 0 and most at least as long',
          );
        }
        const spinNs = this.durations.ns(spin, DEFAULT_SPIN_NS);
        return { ...named, kind: SYNC_KIND.spinlock, spinThenDelay: { spinNs, firstDelayNs, mostDelayNs } };
      }
    }
  }
}

/** Nothing where the scenario does not say it. */
function scope(shared: boolean | undefined): { readonly shared?: boolean } {
  return shared === undefined ? {} : { shared };
}

export function isSyncStep(step: object): step is SyncStepText {
  return ['cond_wait', 'cond_signal', 'cond_broadcast', 'sema_wait', 'sema_post'].some((key) => key in step);
}
