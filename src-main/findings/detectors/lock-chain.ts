import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import type { KeptWaits } from '../track/kept-hold.ts';
import type { Wait } from '../track/wait.ts';
import { counted, durationText } from '../wording.ts';
import { clippedWaits } from './clipped-waits.ts';
import { claimWaits, lockEvidence, lwpEvidence, subjectsOf, victimsOf, waitsIn } from './hold-evidence.ts';

export const lockChain: Detector = {
  id: 'lock-chain',
  title: 'Chain of locks',
  definition: 'A thread that others waited for, as it held a lock, waited for another lock itself.',
  cost: 'Its wait, and that of the LWPs that waited for it meanwhile.',
  source: 'Lock chains: wait-for graphs',
  thresholds: {},
  needs: ['lockHolds', 'lockWaits'],
  advice:
    'Release the first lock before the second is taken, or take them in one order and hold the second for less time.',
  start: (context) => new Chains(context),
};

class Chains implements Observer {
  private readonly context: DetectorContext;
  /** By LWP that waits and holds: the thread at the end of its chain, and how many locks are in it. */
  private readonly root: (readonly [lwp: LwpId, locks: number] | undefined)[] = [];

  constructor(context: DetectorContext) {
    this.context = context;
  }

  waitBegan(lwp: LwpId, lock: number): void {
    const { scene, tracker } = this.context;
    this.root[lwp] = undefined;
    if (tracker.held(lwp).length === 0) return;
    let locks = 2;
    let root = tracker.lock(lock)?.hold?.lwp ?? -1;
    for (; root >= 0 && scene.wants[root]! >= 0 && locks < 64; locks++) {
      const next = tracker.lock(scene.wants[root]!)?.hold?.lwp ?? -1;
      // A cycle has no root.
      if (next < 0 || next === lwp) break;
      root = next;
    }
    this.root[lwp] = [root, locks];
  }

  waitEnded({ lwp, lock, startNs, endNs, spinNs }: Wait): void {
    const chain = this.root[lwp];
    if (chain === undefined || endNs === startNs) return;
    const waits = this.context.tracker
      .held(lwp)
      .filter((hold) => hold.lock !== lock)
      .map((hold): KeptWaits => upTo(clippedWaits(openWaits(hold.waiters, endNs), startNs), endNs))
      .filter(({ length }) => length > 0);
    if (waits.length === 0) return;
    const [root, locks] = chain;
    const victims = victimsOf(waits);
    if (victims.length === 0) return;
    const finding = this.context.report({
      startNs,
      endNs,
      subjects: subjectsOf(lock, [root, lwp], victims),
      evidence: [
        lwpEvidence(lwp, 'waits, and is waited for', startNs, endNs),
        lockEvidence(lock, 'waited for by a holder', startNs, endNs),
        ...waitsIn(waits),
      ],
      summary: (names, costNs) =>
        `${names.lwp(lwp)} waited ${durationText(endNs - startNs)} for ${names.lock(lock)} while ${counted(victims.length, 'thread')} waited for it: a chain of ${locks} locks` +
        `${root < 0 ? '' : ` behind ${names.lwp(root)}`}, ${durationText(costNs)} in all.`,
    });
    this.context.claim(finding, lwp, startNs, endNs, spinNs);
    for (const list of waits) claimWaits(this.context, finding, list);
  }
}

/** Waits that are open yet, as if they ended now. Of these the list holds what the LWP had spun before. */
function openWaits({ length, lwp, startNs, endNs, spinNs }: KeptWaits, nowNs: Ns): KeptWaits {
  return {
    length,
    lwp: lwp.slice(0, length),
    startNs: startNs.slice(0, length),
    endNs: endNs.slice(0, length).map((ns) => (ns < 0 ? nowNs : ns)),
    spinNs: spinNs.slice(0, length).map((ns, at) => (endNs[at]! < 0 ? 0 : ns)),
  };
}

const upTo = (waits: KeptWaits, endNs: Ns): KeptWaits => ({
  ...waits,
  endNs: waits.endNs.map((ns) => Math.min(ns, endNs)),
});
