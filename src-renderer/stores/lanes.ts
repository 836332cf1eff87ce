/**
 * Which lanes the reader wants to see, in what order and colours: filter, pinned, hidden, collapsed, moved. Keys only.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { buildRows, laneGroups, moveKey, SYNC_GROUP, type LaneRow } from '../trace-data/lane-model.ts';
import { useLinkedLanes } from './linked-lanes.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';

/** More locks than this start folded: they would push the threads out of sight. */
const OPEN_LOCKS = 8;

/** What the colour of a bar on a CPU tells. */
export const COLOURINGS = ['state', 'thread', 'process'] as const;
export type Colouring = (typeof COLOURINGS)[number];

const withoutPin = (key: string): string => key.replace(/^pin:/, '');

export const useLanes = defineStore('lanes', () => {
  const session = useSession();
  const selection = useSelection();
  const linked = useLinkedLanes();

  const filter = ref('');
  const hidden = shallowRef<ReadonlySet<string>>(new Set());
  const collapsed = shallowRef<ReadonlySet<string>>(new Set());
  const pinned = shallowRef<readonly string[]>([]);
  /** Those of them that a finding pinned, not the reader. */
  let pinnedForFinding: readonly string[] = [];
  /** Lane keys of the groups that the reader put into an order, by group key. */
  const order = shallowRef<ReadonlyMap<string, readonly string[]>>(new Map());
  const colouring = ref<Colouring>('state');

  watch(
    () => session.traceId,
    () => {
      filter.value = '';
      hidden.value = new Set();
      pinned.value = [];
      pinnedForFinding = [];
      order.value = new Map();
      collapsed.value = new Set((session.trace?.syncs.length ?? 0) > OPEN_LOCKS ? [SYNC_GROUP] : []);
    },
    { immediate: true, flush: 'sync' },
  );

  /** The chosen thread stands first, large, whether or not it is pinned. */
  const focusKey = computed(() => (selection.lwp === null ? null : `pin:lwp:${selection.lwp}`));

  const groups = computed(() => (session.trace === null ? [] : laneGroups(session.trace)));
  const byKey = computed(
    () => new Map(groups.value.flatMap(({ lanes }) => lanes.map((lane) => [lane.key, lane]))),
  );

  const rows = computed<readonly LaneRow[]>(() => {
    const focus = selection.lwp === null ? [] : [`lwp:${selection.lwp}`];
    const others = pinned.value.filter((key) => !focus.includes(key));
    return buildRows(groups.value, {
      filter: filter.value,
      hidden: hidden.value,
      collapsed: collapsed.value,
      order: order.value,
      linked: linked.keys,
      pinned: [...focus, ...others],
    });
  });

  /** Hidden lanes with their names, in the order of hiding. */
  const hiddenLanes = computed(() =>
    [...hidden.value].map((key) => ({ key, name: byKey.value.get(key)?.name ?? key })),
  );

  const isPinned = (key: string): boolean => pinned.value.includes(key);

  function togglePin(key: string): void {
    pinned.value = isPinned(key) ? pinned.value.filter((other) => other !== key) : [...pinned.value, key];
  }

  /**
   * Pins lanes on top, in that order, in the place of those that were pinned so before; the reader's own stay below.
   */
  function pinForFinding(keys: readonly string[]): void {
    const own = pinned.value.filter((key) => !pinnedForFinding.includes(key));
    const known = keys.filter((key) => byKey.value.has(key));
    pinnedForFinding = known.filter((key) => !own.includes(key));
    pinned.value = [...known, ...own.filter((key) => !known.includes(key))];
  }

  function hide(key: string): void {
    hidden.value = new Set([...hidden.value, key]);
    if (isPinned(key)) togglePin(key);
  }

  /** Shows one hidden lane again. */
  function unhide(key: string): void {
    hidden.value = new Set([...hidden.value].filter((other) => other !== key));
  }

  function showHidden(): void {
    hidden.value = new Set();
  }

  function toggleGroup(key: string): void {
    const next = new Set(collapsed.value);
    if (!next.delete(key)) next.add(key);
    collapsed.value = next;
  }

  /**
   * Moves a lane by so many places among the lanes of its group that are shown (a pinned one: among the pinned).
   *
   * @param rowKey key of its row
   */
  function move(rowKey: string, places: number): void {
    const key = withoutPin(rowKey);
    if (rowKey !== key) {
      pinned.value = moveKey(pinned.value, key, places);
      return;
    }
    const group = byKey.value.get(key)?.group;
    if (group === undefined) return;
    const shown = rows.value.filter((row) => !row.pinned && row.group === group && row.kind !== 'group');
    const moved = moveKey(
      shown.map((row) => row.key),
      key,
      places,
    );
    // Lanes that are not shown stay behind those that are.
    order.value = new Map([...order.value, [group, moved]]);
  }

  function nextColouring(): void {
    colouring.value = COLOURINGS[(COLOURINGS.indexOf(colouring.value) + 1) % COLOURINGS.length]!;
  }

  /** Gives up the reader's order of all groups. */
  function resetOrder(): void {
    order.value = new Map();
  }

  return {
    filter,
    hidden,
    hiddenLanes,
    collapsed,
    pinned,
    order,
    colouring,
    focusKey,
    rows,
    isPinned,
    togglePin,
    pinForFinding,
    hide,
    unhide,
    showHidden,
    toggleGroup,
    move,
    resetOrder,
    nextColouring,
  };
});
