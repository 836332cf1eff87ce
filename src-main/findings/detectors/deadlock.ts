import type { LwpId } from '#shared/base/brands.ts';
import type { Detector, DetectorContext } from '../detector.ts';
import { counted, durationText } from '../wording.ts';
import { lockEvidence, lwpEvidence, subjectsOf } from './hold-evidence.ts';

export const deadlock: Detector = {
  id: 'deadlock',
  title: 'Deadlock',
  definition:
    'Threads wait for each other in a cycle, each for a lock that the next one holds, to the end of the trace.',
  cost: 'Their time, and that of all LWPs that wait for them, from the closing of the cycle to the end.',
  source: 'Coffman, Elphick, Shoshani, System deadlocks, 1971',
  thresholds: {},
  needs: ['lockHolds', 'lockWaits'],
  advice: 'Take these locks in one order everywhere.',
  start: (context) => ({
    ending: () => {
      for (const cycle of cyclesOf(context)) report(context, cycle);
    },
  }),
};

/** LWP that holds what an LWP waits for, -1 for none. */
function waitsFor({ scene, tracker }: DetectorContext, lwp: LwpId): number {
  const lock = scene.wants[lwp]!;
  return lock < 0 ? -1 : (tracker.lock(lock)?.hold?.lwp ?? -1);
}

function cyclesOf(context: DetectorContext): number[][] {
  const { scene } = context;
  const cycles: number[][] = [];
  /** Number of the walk that came by an LWP first. */
  const seen = new Int32Array(scene.lwps).fill(-1);
  for (let start = 0; start < scene.lwps; start++) {
    let lwp = start;
    while (lwp >= 0 && seen[lwp] === -1) {
      seen[lwp] = start;
      lwp = waitsFor(context, lwp);
    }
    if (lwp < 0 || seen[lwp] !== start) continue;
    const cycle = [lwp];
    for (let next = waitsFor(context, lwp); next !== lwp; next = waitsFor(context, next)) cycle.push(next);
    cycles.push(cycle);
  }
  return cycles;
}

function report(context: DetectorContext, cycle: readonly number[]): void {
  const { scene } = context;
  const endNs = scene.nowNs;
  const closedNs = Math.max(...cycle.map((lwp) => scene.wantsSince[lwp]!));
  const inCycle = new Set(cycle);
  const behind: number[] = [];
  for (let lwp = 0; lwp < scene.lwps; lwp++) {
    let next = inCycle.has(lwp) ? -1 : waitsFor(context, lwp);
    for (let steps = 0; next >= 0 && !inCycle.has(next) && steps < 64; steps++)
      next = waitsFor(context, next);
    if (next >= 0) behind.push(lwp);
  }
  const locks = cycle.map((lwp) => scene.wants[lwp]!);
  const finding = context.report({
    startNs: closedNs,
    endNs,
    subjects: [
      ...subjectsOf(
        null,
        cycle,
        behind.map((lwp) => ({ lwp })),
      ),
      ...locks.slice(0, 16).map((id) => ({ kind: 'sync', id, role: 'object' }) as const),
    ],
    evidence: [
      ...cycle
        .slice(0, 16)
        .map((lwp) => lwpEvidence(lwp, 'waits for the next', scene.wantsSince[lwp]!, endNs)),
      ...locks
        .slice(0, 16)
        .map((lock) => lockEvidence(lock, 'never released', scene.ownerSince[lock]!, endNs)),
    ],
    summary: (names) =>
      `${cycle.map((lwp) => names.lwp(lwp)).join(', ')} wait for each other's locks (${locks.map((lock) => names.lock(lock)).join(', ')}) for ${durationText(endNs - closedNs)}, to the end of the trace` +
      `${behind.length === 0 ? '' : `, and ${counted(behind.length, 'thread')} for them`}.`,
  });
  for (const lwp of [...cycle, ...behind]) {
    context.claim(finding, lwp, Math.max(closedNs, scene.wantsSince[lwp]!), endNs, 0);
  }
}
