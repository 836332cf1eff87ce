/** Preemption control on the timeline. */
import { z } from 'zod';
import { id, window, windowOf } from './parameters.ts';
import { answer, request } from './request.ts';
import type { CountMatrix } from './series.ts';

/**
 * nopreempt windows, LWP after LWP in the order asked for, each in order of start. Times are -1 where the thing
 * never happened. Where several begin on the same pixel, one row stands for `count` of them: from the start
 * of the first to the end of the last, with the worst ending and the sum of the deferrals.
 */
export interface NopreemptWindowColumns {
  readonly lwp: Int32Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  readonly firstDeferredNs: Float64Array;
  readonly yieldAskedNs: Float64Array;
  readonly deferrals: Int32Array;
  /** WINDOW_END of enums.ts. */
  readonly end: Uint8Array;
  readonly startSequence: Float64Array;
  readonly endSequence: Float64Array;
  readonly count: Int32Array;
}

/** Decisions in order; where several fall on the same pixel of one LWP, the most severe stands for them with their count. */
export interface DecisionColumns {
  readonly sequence: Float64Array;
  readonly timeNs: Float64Array;
  readonly lwp: Int32Array;
  readonly cpu: Int16Array;
  /** DECISION of enums.ts. */
  readonly outcome: Uint8Array;
  /** Cause id: the function that decided. */
  readonly place: Uint16Array;
  readonly timeleft: Int32Array;
  /** WITHOUT_NOPREEMPT of enums.ts. */
  readonly without: Uint8Array;
  readonly count: Int32Array;
}

export const schedctlQueries = {
  'trace.nopreemptWindows': request(
    windowOf({ lwps: z.array(id).max(512) }),
    answer<NopreemptWindowColumns>(),
  ),
  'trace.decisions': request(windowOf({ lwps: z.array(id).max(512).optional() }), answer<DecisionColumns>()),
  'trace.decisionCounts': request(z.object(window), answer<CountMatrix>()),
};
