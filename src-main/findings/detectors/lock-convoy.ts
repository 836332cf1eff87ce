import type { Detector, DetectorContext, Observer } from '../detector.ts';
import { Durations } from '../track/durations.ts';
import type { Hold } from '../track/hold.ts';
import type { Wait } from '../track/wait.ts';
import { counted, durationText } from '../wording.ts';
import { lockEvidence, lwpEvidence, subjectsOf } from './hold-evidence.ts';

type Names = 'factor' | 'waiters' | 'length';

export const lockConvoy: Detector<Names> = {
  id: 'lock-convoy',
  title: 'Lock convoy',
  definition:
    "A hold much longer than the lock's median made a queue that took long to drain: from its start on several threads waited, until none did.",
  cost: "All waits in it, each beyond the lock's usual (its median wait).",
  source: 'Lock convoys: Blasgen, Gray, Mitoma, Price, The convoy phenomenon, 1979',
  thresholds: {
    factor: {
      unit: 'factor',
      value: 10,
      about: "length of the hold that sets it off, in the lock's median holds",
      source: 'lock convoys',
    },
    waiters: { unit: 'count', value: 3, about: 'threads that wait at its peak', source: 'lock convoys' },
    length: {
      unit: 'factor',
      value: 10,
      about: "time from its start until none waits, in the lock's median holds",
      source: 'ours',
    },
  },
  needs: ['lockHolds', 'lockWaits'],
  advice:
    'Find out what made the first hold long (see what is grouped with it). Queues drain slowly where a released lock is handed on to a sleeper: let running threads take it, and hold it for less time.',
  start: (context) => new Convoys(context),
};

/** A time in which a lock's queue was never empty. */
class Episode {
  startNs = 0;
  endNs = 0;
  peak = 0;
  peakNs = 0;
  waiting = 0;
  /** Since when so many wait. */
  sinceNs = 0;
  /** Its longest hold: what set it off, if anything did. */
  holder = -1;
  holdStartNs = 0;
  holdEndNs = 0;
  /** Its waits, in order of their end: lwp, start, end, spinning. */
  readonly waits: number[] = [];
}

class LockHistory {
  readonly holds = new Durations();
  readonly waits = new Durations();
  episode: Episode | null = null;
  /** Those that may turn out to be convoys. */
  readonly episodes: Episode[] = [];
}

const WAIT_COLUMNS = 4;

class Convoys implements Observer {
  private readonly context: DetectorContext<Names>;
  private readonly locks: (LockHistory | undefined)[] = [];

  constructor(context: DetectorContext<Names>) {
    this.context = context;
  }

  waitBegan(_lwp: number, lock: number): void {
    const history = (this.locks[lock] ??= new LockHistory());
    const { nowNs } = this.context.scene;
    const episode = (history.episode ??= new Episode());
    if (episode.waiting === 0 && episode.waits.length === 0) {
      episode.startNs = nowNs;
      episode.sinceNs = nowNs;
    }
    this.measure(episode);
    episode.waiting++;
  }

  waitEnded({ lwp, lock, startNs, endNs, spinNs }: Wait): void {
    const history = this.locks[lock]!;
    const episode = history.episode!;
    this.measure(episode);
    if (endNs > startNs) {
      history.waits.add(endNs - startNs);
      episode.waits.push(lwp, startNs, endNs, spinNs);
    }
    episode.endNs = endNs;
    episode.waiting--;
    if (episode.waiting > 0) return;
    history.episode = null;
    // The hold in which the queue came to be, if it still lasts, is not over yet: it ends at this instant or does not
    // matter.
    if (this.isWorthKeeping(history, episode)) history.episodes.push(episode);
  }

  holdEnded({ lock, lwp, startNs, endNs }: Hold): void {
    const history = (this.locks[lock] ??= new LockHistory());
    history.holds.add(endNs - startNs);
    const { episode } = history;
    if (
      episode === null ||
      endNs <= episode.startNs ||
      endNs - startNs <= episode.holdEndNs - episode.holdStartNs
    )
      return;
    episode.holder = lwp;
    episode.holdStartNs = startNs;
    episode.holdEndNs = endNs;
  }

  finish(): void {
    this.locks.forEach((history, lock) => {
      if (history === undefined) return;
      const medianHold = history.holds.median;
      const usualWait = Math.round(history.waits.median);
      for (const episode of history.episodes) this.judge(lock, episode, medianHold, usualWait);
    });
  }

  /** Takes note of how many waited until now; what lasts for no time does not count. */
  private measure(episode: Episode): void {
    const { nowNs } = this.context.scene;
    if (nowNs > episode.sinceNs && episode.waiting > episode.peak) {
      episode.peak = episode.waiting;
      episode.peakNs = episode.sinceNs;
    }
    episode.sinceNs = nowNs;
  }

  /** Few are: what the medians will be is not known yet, but they hardly shrink to a half of what they are now. */
  private isWorthKeeping({ holds }: LockHistory, episode: Episode): boolean {
    const { waiters, length } = this.context.thresholds;
    if (episode.peak < waiters || episode.holder < 0) return false;
    return holds.count < 16 || episode.endNs - episode.startNs > 0.25 * length * holds.median;
  }

  private judge(lock: number, episode: Episode, medianHold: number, usualWait: number): void {
    const { factor, waiters, length } = this.context.thresholds;
    const { holder, holdStartNs, holdEndNs, endNs, peak, peakNs, waits } = episode;
    if (holdEndNs - holdStartNs <= factor * medianHold) return;
    const startNs = Math.max(episode.startNs, holdStartNs);
    if (peak < waiters || endNs - startNs <= length * medianHold) return;
    const victims = new Map<number, number>();
    for (let at = 0; at < waits.length; at += WAIT_COLUMNS) {
      const fromNs = Math.max(waits[at + 1]!, startNs) + usualWait;
      const ns = waits[at + 2]! - fromNs;
      if (ns > 0) victims.set(waits[at]!, (victims.get(waits[at]!) ?? 0) + ns);
    }
    if (victims.size === 0) return;
    const worst = [...victims].map(([lwp, ns]) => ({ lwp, ns })).sort((a, b) => b.ns - a.ns || a.lwp - b.lwp);
    const finding = this.context.report({
      startNs,
      endNs,
      subjects: subjectsOf(lock, [holder], worst),
      evidence: [
        lockEvidence(lock, 'the hold that set it off', holdStartNs, holdEndNs),
        lockEvidence(lock, 'the queue grows', startNs, Math.max(startNs, peakNs)),
        lockEvidence(lock, 'the queue drains', Math.max(startNs, peakNs), endNs),
        ...worst.slice(0, 12).map(({ lwp }) => lwpEvidence(lwp, 'waits', startNs, endNs)),
      ],
      summary: (names, costNs) =>
        `${names.lwp(holder)} held ${names.lock(lock)} for ${durationText(holdEndNs - holdStartNs)}, ${Math.round((holdEndNs - holdStartNs) / medianHold)} times its median: ` +
        `up to ${counted(peak, 'thread')} queued, for ${durationText(endNs - startNs)} until the last had it; ${durationText(costNs)} waited beyond the usual.`,
    });
    for (let at = 0; at < waits.length; at += WAIT_COLUMNS) {
      const fromNs = Math.max(waits[at + 1]!, startNs) + usualWait;
      const waitedNs = waits[at + 2]! - waits[at + 1]!;
      const ns = waits[at + 2]! - fromNs;
      if (ns > 0)
        this.context.claim(finding, waits[at]!, fromNs, waits[at + 2]!, (waits[at + 3]! * ns) / waitedNs);
    }
  }
}
