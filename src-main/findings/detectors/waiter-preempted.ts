import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import type { Hold } from '../track/hold.ts';
import { isRunnable } from '../track/scene.ts';
import type { Wait } from '../track/wait.ts';
import { durationText } from '../wording.ts';
import { lockEvidence, lwpEvidence, subjectsOf, waitedText } from './hold-evidence.ts';

type Names = 'free';

export const waiterPreempted: Detector<Names> = {
  id: 'waiter-preempted',
  title: 'Next waiter preempted',
  definition:
    'The waiter that got the lock next was off its CPU and runnable while it waited, and the lock stayed free until it ran.',
  cost: 'The time that the lock was free, of each thread that waited.',
  source: 'Oversubscribed locks, EuroSys 2017',
  thresholds: {
    free: { unit: 'ns', value: 50_000, about: 'time that the lock is free with waiters', source: 'ours' },
  },
  needs: ['switches', 'lockHolds', 'lockWaits'],
  advice:
    'Let a thread that runs take a free lock before one that does not (no strict hand-over), or ask for preemption control while next in line.',
  start: (context) => new NextWaiters(context),
};

class NextWaiters implements Observer {
  private readonly context: DetectorContext<Names>;
  /** By lock: when it was last released. */
  private readonly releasedNs: Ns[] = [];
  /** By LWP: its last interval off the CPU and runnable. */
  private readonly offStartNs: Ns[] = [];
  private readonly offEndNs: Ns[] = [];

  constructor(context: DetectorContext<Names>) {
    this.context = context;
  }

  interval(lwp: LwpId, state: number, startNs: Ns, _cpu: number, next: number): void {
    if (!isRunnable(state)) return;
    const { nowNs } = this.context.scene;
    if (this.offEndNs[lwp] !== startNs) this.offStartNs[lwp] = startNs;
    this.offEndNs[lwp] = isRunnable(next) ? startNs : nowNs;
  }

  holdEnded({ lock, endNs }: Hold): void {
    this.releasedNs[lock] = endNs;
  }

  waitEnded({ lwp, lock, endNs, hasLock, runnableNs, startNs }: Wait): void {
    if (!hasLock || runnableNs === 0) return;
    const freeNs = Math.max(this.releasedNs[lock] ?? Infinity, startNs);
    const fromNs = Math.max(freeNs, this.offStartNs[lwp] ?? Infinity);
    const toNs = Math.min(endNs, this.offEndNs[lwp] ?? 0);
    if (!(toNs - fromNs > this.context.thresholds.free)) return;
    const { scene, tracker } = this.context;
    const others = (tracker.lock(lock)?.waiters ?? []).filter((other) => scene.wantsSince[other]! < endNs);
    const finding = this.context.report({
      startNs: freeNs,
      endNs,
      subjects: subjectsOf(
        lock,
        [lwp],
        others.map((other) => ({ lwp: other })),
      ),
      evidence: [
        lockEvidence(lock, 'free, with waiters', freeNs, endNs),
        lwpEvidence(lwp, 'next in line, and has no CPU', fromNs, toNs),
        ...others
          .slice(0, 12)
          .map((other) => lwpEvidence(other, 'waits', Math.max(freeNs, scene.wantsSince[other]!), endNs)),
      ],
      summary: (names, costNs) =>
        `${names.lock(lock)} was free for ${durationText(endNs - freeNs)} until ${names.lwp(lwp)}, which got it next, had a CPU: ${waitedText(others.length + 1, costNs)}.`,
    });
    for (const waiter of [lwp, ...others]) {
      const since = waiter === lwp ? startNs : scene.wantsSince[waiter]!;
      this.context.claim(finding, waiter, Math.max(freeNs, since), endNs, 0);
    }
  }
}
