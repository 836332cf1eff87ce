import { describe, expect, it } from 'vitest';
import { LANE_STATE } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { foundInTold } from '../testing/told.ts';

/** A page is added for each generation of 10 LWPs; the last one ends before the next begins unless all stay. */
const generations = (doStay: boolean) =>
  foundInTold('slots-grow', 1000, (changes) => {
    for (let page = 0; page < 4; page++) {
      const startNs = 100 * (page + 1);
      for (let lwp = 10 * page; lwp < 10 * page + 10; lwp++) {
        if (page > 0 && !doStay) changes.lwpState(startNs - 1, lwp - 10, LANE_STATE.exited, 0, -1);
      }
      for (let lwp = 10 * page; lwp < 10 * page + 10; lwp++) {
        changes.lwpState(startNs, lwp, LANE_STATE.running, 0, -1);
      }
      changes.field(startNs, KIND.page_process, page, 0);
    }
  });

describe('slots-grow', () => {
  it('finds pages that are added while as many LWPs live as before', () => {
    const findings = generations(false);
    expect(findings).toMatchObject([{ startNs: 200, endNs: 400, costNs: 0 }]);
    expect(findings[0]!.subjects.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it('finds none where there are more LWPs for each page', () => {
    expect(generations(true)).toEqual([]);
  });
});
