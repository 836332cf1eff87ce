import { describe, expect, it } from 'vitest';
import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { WakeupColumns } from '#shared/api/contract.ts';
import { linkedLanes, type LinkSource } from './linked-lanes.ts';
import { lanesFromText } from './testing/lanes-from-text.ts';

const HOLDER = 0;
const HOG = 1;
const WAITER = 2;
const LONG_WAITER = 3;
const CLIENT = 4;
const LOCK = 0;
const WHOLE = { startNs: 0, endNs: 100 };

const noWakeups = wakeups([]);

function wakeups(of: readonly { timeNs: Ns; lwp: LwpId; waker: LwpId; count?: number }[]): WakeupColumns {
  return {
    sequence: Float64Array.from(of, (_, row) => row + 1),
    timeNs: Float64Array.from(of, ({ timeNs }) => timeNs),
    runNs: new Float64Array(of.length).fill(-1),
    lwp: Int32Array.from(of, ({ lwp }) => lwp),
    waker: Int32Array.from(of, ({ waker }) => waker),
    wakerCpu: new Int16Array(of.length),
    runCpu: new Int16Array(of.length).fill(-1),
    count: Int32Array.from(of, ({ count = 1 }) => count),
  };
}

/** The holder is preempted by the hog from 30 to 60 ns with the lock, which two others wait for. */
function convoy(wakeupsOf: WakeupColumns = noWakeups): LinkSource {
  const threads = lanesFromText(
    //23456789
    'RHHPPPHRss',
    'rrrRRRrrrr',
    'sssssSSsss',
    'ssSSSSSSss',
    'ssssssssss',
  );
  threads.lwp[2] = HOG; // The preempted row of the holder.
  const spinning = [...threads.state.keys()].filter((row) => threads.state[row] === 2);
  for (const row of spinning) threads.sync[row] = LOCK;
  const locks = lanesFromText('.RRRRRR...');
  locks.lwp[0] = HOLDER;
  return {
    lwps: [HOLDER, HOG, WAITER, LONG_WAITER, CLIENT],
    threads,
    syncs: [LOCK],
    locks,
    wakeups: wakeupsOf,
  };
}

describe('linkedLanes', () => {
  it('of a thread: who took its CPU, the lock it held, and who waited for it, the longest wait first', () => {
    expect(linkedLanes({ kind: 'lwp', id: HOLDER }, WHOLE, convoy())).toEqual([
      `sync:${LOCK}`,
      `lwp:${HOG}`,
      `lwp:${LONG_WAITER}`,
      `lwp:${WAITER}`,
    ]);
  });

  it('of one slice of a thread: only what belongs to it', () => {
    // Running with the lock before anybody but one waits.
    const slice = { startNs: 10, endNs: 30 };
    expect(linkedLanes({ kind: 'lwp', id: HOLDER }, slice, convoy())).toEqual([
      `sync:${LOCK}`,
      `lwp:${LONG_WAITER}`,
    ]);
  });

  it('of a thread that waits: the lock and who held it meanwhile, not the others that wait', () => {
    expect(linkedLanes({ kind: 'lwp', id: WAITER }, WHOLE, convoy())).toEqual([
      `lwp:${HOLDER}`,
      `sync:${LOCK}`,
    ]);
  });

  it('of a lock: who held it, then who waited', () => {
    const linked = [`lwp:${HOLDER}`, `lwp:${LONG_WAITER}`, `lwp:${WAITER}`];
    expect(linkedLanes({ kind: 'sync', id: LOCK }, WHOLE, convoy())).toEqual(linked);
  });

  it('of one hold: who waited during it', () => {
    const before = { startNs: 10, endNs: 20 };
    expect(linkedLanes({ kind: 'sync', id: LOCK }, before, convoy())).toEqual([`lwp:${HOLDER}`]);
  });

  it('of a wake-up: who woke and who was woken, unless a pixel hides who it was', () => {
    const source = convoy(
      wakeups([
        { timeNs: 70, lwp: CLIENT, waker: HOLDER },
        { timeNs: 80, lwp: HOLDER, waker: HOG, count: 3 },
        { timeNs: 90, lwp: HOLDER, waker: WAITER },
      ]),
    );
    const after = { startNs: 70, endNs: 100 };
    expect(linkedLanes({ kind: 'lwp', id: HOLDER }, after, source)).toEqual([
      `lwp:${CLIENT}`,
      `lwp:${WAITER}`,
    ]);
  });

  it('of a CPU: nothing', () => {
    expect(linkedLanes({ kind: 'cpu', id: 0 }, WHOLE, convoy())).toEqual([]);
  });
});
