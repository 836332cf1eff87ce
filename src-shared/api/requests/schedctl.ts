/** Preemption control on the timeline. */
import { z } from 'zod';
import type { CauseId, ColumnOf, CpuId, LwpId, Ns, Seq } from '../../base/brands.ts';
import { lwpId, window, windowOf } from './parameters.ts';
import { answer, request } from './request.ts';
import type { CountMatrix } from './series.ts';

/**
 * nopreempt windows, LWP after LWP in the order asked for, each in order of start. Times are -1 where the thing
 * never happened. Where several begin on the same pixel, one row stands for `count` of them: from the start
 * of the first to the end of the last, with the worst ending and the sum of the deferrals.
 */
export interface NopreemptWindowColumns {
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  readonly startNs: ColumnOf<Float64Array, Ns>;
  readonly endNs: ColumnOf<Float64Array, Ns>;
  readonly firstDeferredNs: ColumnOf<Float64Array, Ns>;
  readonly yieldAskedNs: ColumnOf<Float64Array, Ns>;
  readonly deferrals: Int32Array;
  /** WINDOW_END of enums.ts. */
  readonly end: Uint8Array;
  readonly startSequence: ColumnOf<Float64Array, Seq>;
  readonly endSequence: ColumnOf<Float64Array, Seq>;
  readonly count: Int32Array;
}

/**
 * Decisions in order; where several fall on the same pixel of one LWP, the most severe stands for them with their
 * count.
 */
export interface DecisionColumns {
  readonly sequence: ColumnOf<Float64Array, Seq>;
  readonly timeNs: ColumnOf<Float64Array, Ns>;
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  readonly cpu: ColumnOf<Int16Array, CpuId>;
  /** DECISION of enums.ts. */
  readonly outcome: Uint8Array;
  /** Cause id: the function that decided. */
  readonly place: ColumnOf<Uint16Array, CauseId>;
  readonly timeleft: Int32Array;
  /** WITHOUT_NOPREEMPT of enums.ts. */
  readonly without: Uint8Array;
  readonly count: Int32Array;
}

export const schedctlQueries = {
  'trace.nopreemptWindows': request(
    windowOf({ lwps: z.array(lwpId).max(512) }),
    answer<NopreemptWindowColumns>(),
  ),
  'trace.decisions': request(
    windowOf({ lwps: z.array(lwpId).max(512).optional() }),
    answer<DecisionColumns>(),
  ),
  'trace.decisionCounts': request(z.object(window), answer<CountMatrix>()),
};
