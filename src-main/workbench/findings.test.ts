/** Findings of real captures, against what an independent program computed from their lock logs and switch lines. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Detector } from '../findings/detector.ts';
import type { Hold } from '../findings/track/hold.ts';
import { recomputeFindings } from '../store/index.ts';
import type { LockHolders } from '../analysis/lock-holders.ts';
import { findingsOf } from './findings.ts';
import { openAny } from './open-any.ts';

const folder = new URL('../../test/fixtures/ftrace/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected-holders.json', folder), 'utf8')) as {
  readonly trace: string;
  readonly locks: string;
  readonly holders: LockHolders;
}[];
const open = (trace: string, locks: string) =>
  openAny({ path: new URL(trace, folder).pathname, locks: new URL(locks, folder).pathname }, {});

/** Counts what the tracker makes of holds. */
function probe() {
  const seen = { acquisitions: 0, interrupted: 0, offNs: 0, worstNs: 0 };
  const detector: Detector = {
    id: 'probe',
    title: '',
    definition: '',
    cost: '',
    source: '',
    thresholds: {},
    needs: [],
    advice: '',
    start: () => ({
      holdEnded(hold: Hold) {
        seen.acquisitions++;
        if (hold.intervalCount > 0) seen.interrupted++;
        const intervals = hold.intervals
          .slice(0, hold.intervalCount)
          .filter(({ isUncertain }) => !isUncertain);
        const offNs = intervals.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
        seen.offNs += offNs;
        seen.worstNs = Math.max(seen.worstNs, offNs);
      },
    }),
  };
  return { detector, seen };
}

describe('findings of a capture', () => {
  it.each(expected)(
    'of $trace rest on the same holds as the independent program found',
    async ({ trace, locks, holders }) => {
      const opened = await open(trace, locks);
      const { detector, seen } = probe();
      recomputeFindings(opened.trace, { detectors: [detector] });
      opened.trace.close();
      expect(seen.acquisitions).toBe(holders.acquisitions);
      expect(seen.interrupted).toBe(holders.holds_with_switch_out);
      expect(seen.worstNs).toBe(holders.worst_off_cpu_ns);
      // A return that no line shows is left out there; where a line implies it, it counts here.
      const unseen = holders.switch_outs_without_a_switch_in_line;
      expect(seen.offNs).toBeGreaterThanOrEqual(holders.off_cpu_while_holding_ns);
      expect(seen.offNs).toBeLessThanOrEqual(
        holders.off_cpu_while_holding_ns + unseen * holders.worst_off_cpu_ns,
      );
    },
  );

  it('without a lock log says that holds are not observable, and not that there are none', async () => {
    const { trace } = await openAny({ path: new URL(expected[1]!.trace, folder).pathname }, {});
    const { findings, notObservable } = findingsOf(trace);
    trace.close();
    expect(findings.filter(({ id }) => id.startsWith('lock-'))).toEqual([]);
    expect(notObservable).toContainEqual({
      id: 'lock-holder-preempted',
      because: expect.stringContaining('does not record lock holders') as string,
    });
  });

  it('costs no more than threads waited, and explains no ns of a thread twice', async () => {
    const { trace } = await open(expected[0]!.trace, expected[0]!.locks);
    const { ledger, findings } = findingsOf(trace);
    trace.close();
    const explained = ledger.causes.reduce((sum, { ns }) => sum + ns, 0);
    expect(findings.length).toBeGreaterThan(0);
    expect(explained).toBeLessThanOrEqual(ledger.waitedNs);
    expect(explained + ledger.unexplainedNs).toBe(ledger.waitedNs);
  });
});
