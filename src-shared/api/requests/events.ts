/** Rows of the event table, and the machine after one of them. */
import { z } from 'zod';
import type { CauseId, ColumnOf, CpuId, KindId, LwpId, Ns, Seq } from '../../base/brands.ts';
import { direction, eventFilter, id, lwpId, timeNs, traceId } from './parameters.ts';
import { answer, request } from './request.ts';

/** Rows of the event table, in order. */
export interface EventColumns {
  readonly sequence: ColumnOf<Float64Array, Seq>;
  readonly timeNs: ColumnOf<Float64Array, Ns>;
  readonly kind: ColumnOf<Uint16Array, KindId>;
  readonly cpu: ColumnOf<Int16Array, CpuId>;
  readonly lwp: ColumnOf<Int32Array, LwpId>;
  readonly object: Int32Array;
  readonly cause: ColumnOf<Uint16Array, CauseId>;
  readonly oldValue: Int32Array;
  readonly newValue: Int32Array;
}

export interface StepTarget {
  readonly sequence: Seq;
  readonly timeNs: Ns;
}

export interface StateAt {
  /** 0 before the first row. */
  readonly sequence: Seq;
  /** Time of that row; 0 before the first. */
  readonly timeNs: Ns;
  /** MachineState.serialize(), with changes tracked. */
  readonly words: Int32Array<ArrayBuffer>;
}

export const eventQueries = {
  /** State of the machine after the row `sequence`, or after the last row at or before `timeNs`. */
  'trace.stateAt': request(
    z.object({ traceId, timeNs: timeNs.optional(), sequence: z.int().min(0).optional() }),
    answer<StateAt>(),
  ),
  'trace.events': request(
    z.object({
      traceId,
      /** Rows from this sequence on (`after` of them) and up to it (`before` of them). */
      sequence: z.int().min(0).optional(),
      timeNs: timeNs.optional(),
      before: z.int().min(0).max(10_000),
      after: z.int().min(0).max(10_000),
      filter: eventFilter.optional(),
    }),
    answer<EventColumns>(),
  ),
  /** The rows with these sequences, in their order (for "last changed by"). */
  'trace.eventsBySequence': request(
    z.object({ traceId, sequences: z.array(z.int().min(1)).max(1024) }),
    answer<EventColumns>(),
  ),
  'trace.step': request(
    z.object({
      traceId,
      fromSequence: z.int().min(0),
      direction,
      what: z.enum(['event', 'decision', 'switch']),
      lwp: lwpId.optional(),
    }),
    answer<StepTarget | null>(),
  ),
  /** The nearest row after or before `fromSequence` that the filter lets through. */
  'trace.stepFiltered': request(
    z.object({ traceId, fromSequence: z.int().min(0), direction, filter: eventFilter }),
    answer<StepTarget | null>(),
  ),
  /** Rows with every word of the text in the names of their kind, cause, thread or process; nearest first. */
  'trace.findEvents': request(
    z.object({
      traceId,
      text: z.string().max(256),
      fromSequence: z.int().min(0),
      direction,
      limit: z.int().min(1).max(1000),
      filter: eventFilter.optional(),
    }),
    answer<EventColumns>(),
  ),
  /** Assignments of one field of one LWP, CPU, slot, ...; anchored as `trace.events`, but at the end by default. */
  'trace.history': request(
    z.object({
      traceId,
      kind: z.int().min(0).max(65_535),
      /** Id of the LWP, CPU, slot, page, process or sync object, by the kind's subject. */
      subject: id,
      sequence: z.int().min(0).optional(),
      timeNs: timeNs.optional(),
      before: z.int().min(0).max(10_000),
      after: z.int().min(0).max(10_000),
    }),
    answer<EventColumns>(),
  ),
};
