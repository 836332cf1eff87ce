import { describe, expect, it } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION, LANE_STATE, WINDOW_END } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { foundInTold } from '../testing/told.ts';
import type { TraceChanges } from '../trace-changes.ts';

const MS = 1_000_000;

/**
 * LWP 0 is let run on at 20 ms and withdraws its request at 22 ms; LWP 1 waits for its CPU. It goes to sleep at 30 ms.
 */
function letRunOn(changes: TraceChanges, answer: (changes: TraceChanges) => void): void {
  changes.lwpState(0, 0, LANE_STATE.running, 0, -1);
  changes.lwpState(0, 1, LANE_STATE.runnable, 0, -1);
  changes.cpuRuns(0, 0, 0);
  changes.requestSet(15 * MS, 0, 1);
  const decided = new TransitionProbe();
  decided.at(20 * MS, 0, 0, CAUSE.ts_tick).assign(KIND.decision, DECISION.deferredAtTick, 0, 1);
  changes.decision(decided.takeLast().columns, 0, 2);
  answer(changes);
  changes.lwpState(30 * MS, 0, LANE_STATE.sleeping, 0, -1);
  changes.lwpState(30 * MS, 1, LANE_STATE.running, 0, -1);
  changes.cpuRuns(30 * MS, 0, 1);
}

describe('yield-ignored', () => {
  it('finds a thread that withdraws its request and runs on without the yield', () => {
    const findings = foundInTold('yield-ignored', 40 * MS, (told) =>
      letRunOn(told, (changes) => changes.requestCleared(22 * MS, 0, WINDOW_END.overrun)),
    );
    expect(findings).toMatchObject([{ costNs: 8 * MS, startNs: 20 * MS, endNs: 30 * MS }]);
  });

  it('finds none where the yield comes after the request', () => {
    const findings = foundInTold('yield-ignored', 40 * MS, (told) =>
      letRunOn(told, (changes) => {
        changes.requestCleared(22 * MS, 0, WINDOW_END.overrun);
        changes.yielded(22 * MS + 300, 0);
      }),
    );
    expect(findings).toEqual([]);
  });
});
