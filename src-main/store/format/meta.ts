import type { Ns } from '#shared/base/brands.ts';
import type { ClockUnit } from '#shared/model/clock-origin.ts';

/** The keys of the `meta` table and what they hold. */
export interface TraceMeta {
  /** 'emulator', or the format that was imported. */
  readonly source: string;
  /** One line: scenario and seed, or the imported file. */
  readonly sourceDetail: string;
  /** Length of a clock tick in ns, null where the source has none. */
  readonly tickNs: Ns | null;
  /** What the times are: 'virtual', or the clock of an imported trace. */
  readonly clock: string;
  /** What the source's stamps count; 'unknown': times of the trace are raw counts of its clock, no nanoseconds. */
  readonly clockUnit: ClockUnit;
  /** Stamp at time 0 as the source writes it, null where there is none (the emulator starts at 0). */
  readonly clockOrigin: string | null;
  readonly complete: boolean;
  /** Why it is incomplete, as a sentence; null for a complete trace. */
  readonly incompleteReason: string | null;
  /** False while recording, and for ever in a recording that was cut off. */
  readonly closed: boolean;
  readonly events: number;
  /** Time of the last row. */
  readonly durationNs: Ns;
  /** Where the recording was to end, ns; null where its source does not say, and in traces of the first versions. */
  readonly plannedNs: Ns | null;
  /** Digest of all rows. */
  readonly digest: string;
  readonly hasSchedctl: boolean;
  /** Digest of these facts and of the tables of names (names-digest.ts), null until the recording is closed. */
  readonly namesDigest: string | null;
  readonly warnings: readonly string[];
  /** Version of the program that recorded. */
  readonly recordedBy: string;
  /** Milliseconds since 1970. */
  readonly recordedAtMs: number;
  /** The scenario's text, for a recording of the emulator. */
  readonly scenario: string | null;
}

/** How a fact is stored: booleans as 0 and 1, lists as JSON. */
export function metaToSql(value: TraceMeta[keyof TraceMeta]): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return value;
}

/** What a recording says about itself when it begins. */
export type SourceMeta = Pick<TraceMeta, 'source' | 'sourceDetail' | 'tickNs' | 'clock' | 'scenario'> & {
  readonly clockUnit?: ClockUnit;
  readonly clockOrigin?: string | null;
  readonly plannedNs?: Ns | null;
  readonly warnings?: readonly string[];
};

/** What the rows up to a commit add up to. */
export type CommitFacts = Pick<TraceMeta, 'events' | 'durationNs' | 'digest' | 'hasSchedctl'>;
