/** Findings made anew from a recorded trace: by the detectors of this version, or with other thresholds. */
import type { CancelSignal } from '#shared/base/cancel.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { Findings } from '#shared/model/findings.ts';
import { createBatch } from '#shared/model/transition-batch.ts';
import { FindingsPass, type PassOptions } from '../../findings/pass.ts';
import { TableBuffers } from '../derive/table-buffers.ts';
import { TransitionRouter } from '../derive/transition-router.ts';
import { definitionsOf } from '../read/definitions.ts';
import { eventRows, putEventRow } from '../read/event-rows.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

const ROWS_AT_ONCE = 16_384;
const NOWHERE = { writeChunk: () => undefined, writeSum: () => undefined, writeSeries: () => undefined };

export interface RecomputeOptions extends PassOptions {
  readonly signal?: CancelSignal;
  /** Called now and then with the part that is done, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Reads the whole trace once.
 *
 * @throws WorkbenchError 'cancelled', 'corrupt-trace'
 */
export function recomputeFindings(trace: TraceDatabase, options: RecomputeOptions = {}): Findings {
  return trace.guard(() => {
    const pass = new FindingsPass(trace.meta, options);
    for (const definition of definitionsOf(trace)) pass.changes.define(definition);
    const tables = new TableBuffers(() => router.nowNs, pass.changes);
    const router: TransitionRouter = new TransitionRouter(tables, NOWHERE, trace.subjectLimits);
    const { columns } = createBatch(1);
    const { events } = trace;
    for (let first = 1; first <= events; first += ROWS_AT_ONCE) {
      if (options.signal?.aborted === true) throw new WorkbenchError('cancelled', 'Cancelled.');
      for (const row of eventRows(trace, first, Math.min(events, first + ROWS_AT_ONCE - 1))) {
        putEventRow(columns, 0, row);
        router.add(columns, 0, row[0]);
      }
      tables.reuse(tables.take());
      options.onProgress?.(Math.min(1, (first + ROWS_AT_ONCE) / events));
    }
    router.finish();
    return pass.result();
  });
}
