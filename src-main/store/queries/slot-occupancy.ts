/** `trace.slotOccupancy`: slots in use on each page. */
import type { Ns } from '#shared/base/brands.ts';
import type { SlotOccupancyColumns } from '#shared/api/contract.ts';
import { SERIES } from '../levels/series.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { visitValueSteps } from './value-steps.ts';
import { pageOwners } from './page-owners.ts';
import type { QueryParams } from './params.ts';

/** Steps of all pages in order of time; the first of a page may lie before the window. */
export function slotOccupancy(
  trace: TraceDatabase,
  params: QueryParams<'trace.slotOccupancy'>,
): SlotOccupancyColumns {
  return trace.guard(() => {
    const steps: { timeNs: Ns; page: number; used: number }[] = [];
    const pages = trace
      .prepare('SELECT object FROM series WHERE kind = ? ORDER BY object')
      .all(SERIES.slotsUsed);
    for (const [page] of pages as [number][]) {
      visitValueSteps(trace, SERIES.slotsUsed, page, params, (timeNs, used) => {
        steps.push({ timeNs, page, used });
      });
    }
    steps.sort((a, b) => a.timeNs - b.timeNs);
    const owners = pageOwners(trace);
    return {
      timeNs: Float64Array.from(steps, (step) => step.timeNs),
      page: Int32Array.from(steps, (step) => step.page),
      used: Int32Array.from(steps, (step) => step.used),
      process: Int32Array.from(steps, (step) => owners.at(step.page, step.timeNs)),
    };
  });
}
