/**
 * Events that two records of one run both have. Two tools stamp the same event some microseconds apart, so
 * the second of two equal events from different files within {@link REPEAT_WINDOW_NS} is the first one again.
 */

import type { CpuId, Ns } from '#shared/base/brands.ts';
import { RECORD } from './record-ring.ts';

/** Measured between ftrace and perf: half a microsecond mostly, twenty at most. */
export const REPEAT_WINDOW_NS = 50_000;
const MAX_REMEMBERED = 1 << 16;

/** When the scheduler events of one file are, how many of them are switches, and how many both files have. */
export interface Span {
  fromNs: Ns;
  toNs: Ns;
  switches: number;
  repeated: number;
}

interface Remembered {
  source: number;
  timeNs: Ns;
  /** How many of them the other file has yet to repeat. */
  pending: number;
}

export class Repeats {
  /** File that the event at hand is from. */
  source = 0;
  count = 0;
  /** By file. */
  readonly spans: Span[] = [];
  private readonly seen = new Map<string, Remembered>();

  /** Whether another file had this event just before. */
  isRepeat(type: number, cpu: CpuId, one: number, other: number, timeNs: Ns): boolean {
    const span = (this.spans[this.source] ??= { fromNs: timeNs, toNs: timeNs, switches: 0, repeated: 0 });
    span.toNs = timeNs;
    if (type === RECORD.switched) span.switches++;
    const key = `${type} ${cpu} ${one} ${other}`;
    const known = this.seen.get(key);
    const isNear = known !== undefined && timeNs - known.timeNs <= REPEAT_WINDOW_NS;
    if (isNear && known.source !== this.source && known.pending > 0) {
      known.pending--;
      this.count++;
      span.repeated++;
      this.spans[known.source]!.repeated++;
      return true;
    }
    if (isNear && known.source === this.source) {
      known.pending++;
      known.timeNs = timeNs;
      return false;
    }
    if (this.seen.size >= MAX_REMEMBERED) this.seen.clear();
    this.seen.set(key, { source: this.source, timeNs, pending: 1 });
    return false;
  }
}
