/**
 * What the reader chose: a lane, with it a thread and a slice of it, and a time range. Ids and ranges
 * only. Everything that shows one of these follows this store.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Ns } from '#shared/base/brands.ts';
import type { LaneRef } from '#shared/api/contract.ts';
import { laneKey } from '../trace-data/lane-model.ts';
import type { TimeRange } from '../trace-data/time-axis.ts';
import { useSession } from './session.ts';

/** One interval of a lane. */
export interface Slice extends TimeRange {
  readonly lane: LaneRef;
  /** LANE_STATE of enums.ts. */
  readonly state: number;
}

/** What the pointer is over. */
export interface Hover {
  readonly lane: LaneRef;
  readonly slice: Slice | null;
  readonly timeNs: Ns;
}

export const useSelection = defineStore('selection', () => {
  const session = useSession();

  const lane = shallowRef<LaneRef | null>(null);
  /** The chosen thread: that of the lane, or the one that ran in the chosen slice of a CPU or lock. */
  const lwp = ref<number | null>(null);
  const slice = shallowRef<Slice | null>(null);
  /**
   * The moment for which the thread was chosen, as that of a decision or event about it; null for no one in particular.
   */
  const momentNs = ref<number | null>(null);
  const timeRange = shallowRef<TimeRange | null>(null);
  const hover = shallowRef<Hover | null>(null);

  const key = computed(() => (lane.value === null ? null : laneKey(lane.value.kind, lane.value.id)));

  watch(
    () => session.traceId,
    () => {
      clear();
      hover.value = null;
    },
    { flush: 'sync' },
  );

  /**
   * Chooses an LWP and its lane, no slice of it, for a moment if it is about one. For lists, links and the find field.
   */
  function selectLwp(id: number, atNs: Ns | null = null): void {
    lane.value = { kind: 'lwp', id };
    lwp.value = id;
    slice.value = null;
    momentNs.value = atNs;
  }

  /** Chooses a lane and a slice of it; `lwpId` is the thread that the slice is about, null for none. */
  function selectSlice(of: LaneRef, lwpId: number | null, chosen: Slice | null): void {
    lane.value = of;
    lwp.value = of.kind === 'lwp' ? of.id : lwpId;
    slice.value = chosen;
    momentNs.value = null;
  }

  function selectRange(range: TimeRange | null): void {
    timeRange.value = range;
  }

  /** Steps back out: first the time range, then slice and lane. Answers false where nothing was chosen. */
  function stepOut(): boolean {
    if (timeRange.value !== null) timeRange.value = null;
    else if (slice.value !== null) slice.value = null;
    else if (lane.value !== null) clear();
    else return false;
    return true;
  }

  function clear(): void {
    lane.value = null;
    lwp.value = null;
    slice.value = null;
    momentNs.value = null;
    timeRange.value = null;
  }

  return {
    lane,
    lwp,
    slice,
    momentNs,
    timeRange,
    hover,
    key,
    selectLwp,
    selectSlice,
    selectRange,
    stepOut,
    clear,
  };
});
