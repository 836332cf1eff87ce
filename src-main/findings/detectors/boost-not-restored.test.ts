import { describe, expect, it } from 'vitest';
import type { Ns } from '#shared/base/brands.ts';
import { LANE_STATE, TS_FLAGS, WINDOW_END } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { foundInTold } from '../testing/told.ts';

const MS = 1_000_000;

/** A request from 10 to 20 ms, for which the priority is raised until `restoredNs`. */
const raisedUntil = (restoredNs: Ns) =>
  foundInTold('boost-not-restored', 900 * MS, (changes) => {
    changes.lwpState(0, 0, LANE_STATE.running, 0, -1);
    changes.requestSet(10 * MS, 0, 1);
    changes.field(15 * MS, KIND.ts_flags, 0, TS_FLAGS.TSRESTORE);
    changes.requestCleared(20 * MS, 0, WINDOW_END.unused);
    changes.field(restoredNs, KIND.ts_flags, 0, 0);
  });

describe('boost-not-restored', () => {
  it('finds a priority that is still raised a quantum after the request', () => {
    expect(raisedUntil(221 * MS)).toMatchObject([{ startNs: 20 * MS, endNs: 221 * MS, costNs: 0 }]);
  });

  it('finds none where it is restored just before that', () => {
    expect(raisedUntil(220 * MS)).toEqual([]);
  });
});
