/**
 * Lane data for what is in view. Each lane keeps the last columns it got, however stale, so that a frame
 * can always be drawn at once; what is missing or too coarse is asked for in one request at a time, first
 * for the lanes in view and then for those next to them. A request that would no longer show anything is
 * cancelled.
 */
import type { Ns } from '#shared/base/brands.ts';
import type { LaneColumns, LaneRef } from '#shared/api/contract.ts';
import { hasReserve, isSharp, windowToFetch, type DetailWindow } from './fetch-window.ts';
import { laneKey } from './lane-model.ts';
import type { TimeRange } from './time-axis.ts';

/** The columns that show one lane: rows `laneOffset[lane]` to `laneOffset[lane + 1] - 1` of `columns`. */
export interface LaneData {
  readonly window: DetailWindow;
  readonly columns: LaneColumns;
  readonly lane: number;
  /** The trace has grown since. */
  readonly expired?: true;
}

export interface LaneRequest {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly pixels: number;
  readonly lanes: LaneRef[];
}

export type FetchLanes = (request: LaneRequest, signal: AbortSignal) => Promise<LaneColumns>;

/**
 * Lanes asked for at once. What answers it must be taken in within a frame: a browser takes 20 ms for a message of 1
 * MB, which is 16 lanes, and half of that for half of it.
 */
const LANES_AT_ONCE = 8;
/** Rows kept, those of lanes that are no longer near included; 28 bytes each. */
const KEPT_ROWS = 750_000;

interface Want {
  readonly visible: readonly LaneRef[];
  readonly nearby: readonly LaneRef[];
  readonly range: TimeRange;
  readonly widthPx: number;
  readonly limits: TimeRange;
}

export class LaneCache {
  private readonly data = new Map<string, LaneData>();
  private readonly fetchLanes: FetchLanes;
  private readonly onData: () => void;
  private readonly onError: (error: unknown) => void;
  private want: Want | null = null;
  private flight: { controller: AbortController; window: DetailWindow } | null = null;
  /** Where in the list the next request begins to look. */
  private turn = 0;
  /** After a failure, do not ask the same thing again until something else is wanted. */
  private failedFor: Want | null = null;

  constructor(fetchLanes: FetchLanes, onData: () => void, onError: (error: unknown) => void) {
    this.fetchLanes = fetchLanes;
    this.onData = onData;
    this.onError = onError;
  }

  get(kind: LaneRef['kind'], id: number): LaneData | undefined {
    return this.data.get(laneKey(kind, id));
  }

  /** True while something that is in view is being fetched. */
  get loading(): boolean {
    return this.flight !== null;
  }

  /**
   * Says what is in view: `visible` lanes, the `nearby` ones that scrolling reaches next, and the visible
   * range. Starts a request where that is needed and none is under way. The lists and the range count as
   * changed when they are other objects.
   */
  show(
    visible: readonly LaneRef[],
    nearby: readonly LaneRef[],
    range: TimeRange,
    widthPx: number,
    limits: TimeRange,
  ): void {
    if (widthPx < 1) return;
    const { want } = this;
    // The same question again keeps its identity, so that what failed is not asked for ever.
    if (
      want?.visible !== visible ||
      want.nearby !== nearby ||
      want.range !== range ||
      want.widthPx !== widthPx
    ) {
      this.want = { visible, nearby, range, widthPx, limits };
    }
    const flight = this.flight;
    if (flight !== null && (flight.window.endNs <= range.startNs || flight.window.startNs >= range.endNs)) {
      flight.controller.abort();
    }
    this.pump();
  }

  /** What there is may have changed: it stays to be drawn, and is asked for again. */
  expire(): void {
    this.flight?.controller.abort();
    this.flight = null;
    this.failedFor = null;
    for (const [key, have] of this.data) this.data.set(key, { ...have, expired: true });
    this.want = null;
  }

  /** Forgets everything; for another trace. */
  clear(): void {
    this.flight?.controller.abort();
    this.flight = null;
    this.want = null;
    this.failedFor = null;
    this.data.clear();
  }

  private pump(): void {
    const want = this.want;
    if (want === null || this.flight !== null || this.failedFor === want) return;
    const isBlurred = ({ window }: LaneData): boolean =>
      !isSharp(window, want.range, want.widthPx, want.limits);
    const runsOut = ({ window }: LaneData): boolean => !hasReserve(window, want.range, want.limits);
    let lanes = this.without(want.visible, isBlurred);
    if (lanes.length === 0) lanes = this.without(want.visible, runsOut);
    if (lanes.length === 0) lanes = this.without(want.nearby, isBlurred);
    if (lanes.length === 0) return;
    const window = windowToFetch(want.range, want.widthPx, want.limits);
    const controller = new AbortController();
    const flight = { controller, window };
    this.flight = flight;
    const { startNs, endNs, pixels } = window;
    this.fetchLanes({ startNs, endNs, pixels, lanes }, controller.signal).then(
      (columns) => {
        if (this.flight !== flight) return;
        this.flight = null;
        for (let lane = 0; lane < lanes.length; lane++) {
          const ref = lanes[lane]!;
          const key = laneKey(ref.kind, ref.id);
          // Re-inserted, so that the map's order is the order of use.
          this.data.delete(key);
          this.data.set(key, { window, columns, lane });
        }
        this.evict();
        this.onData();
        this.pump();
      },
      (error: unknown) => {
        if (this.flight !== flight) return;
        this.flight = null;
        if (!controller.signal.aborted) {
          this.failedFor = this.want;
          this.onError(error);
        }
        this.pump();
      },
    );
  }

  /** Some of these lanes that have no columns, or none that will do; in turn, so that while zooming all get theirs. */
  private without(of: readonly LaneRef[], isPoor: (have: LaneData) => boolean): LaneRef[] {
    const lanes: LaneRef[] = [];
    for (let step = 0; step < of.length && lanes.length < LANES_AT_ONCE; step++) {
      const index = (this.turn + step) % of.length;
      const ref = of[index]!;
      const have = this.data.get(laneKey(ref.kind, ref.id));
      if (have === undefined || have.expired === true || isPoor(have)) lanes.push(ref);
      if (lanes.length === LANES_AT_ONCE) this.turn = (index + 1) % of.length;
    }
    return lanes;
  }

  /** Drops what came longest ago, but nothing that is in view. */
  private evict(): void {
    let rows = 0;
    for (const have of this.data.values()) rows += rowsOf(have);
    if (rows <= KEPT_ROWS) return;
    const inView = new Set(this.want?.visible.map(({ kind, id }) => laneKey(kind, id)));
    for (const [key, have] of this.data) {
      if (rows <= KEPT_ROWS) return;
      if (inView.has(key)) continue;
      rows -= rowsOf(have);
      this.data.delete(key);
    }
  }
}

const rowsOf = ({ columns, lane }: LaneData): number =>
  columns.laneOffset[lane + 1]! - columns.laneOffset[lane]!;
