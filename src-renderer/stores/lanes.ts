/** Which lanes the reader wants to see, and in what order: filter, pinned, hidden and collapsed. Keys only. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { buildRows, SYNC_GROUP, type LaneRow } from '../trace-data/lane-model.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';

/** More locks than this start folded: they would push the threads out of sight. */
const OPEN_LOCKS = 8;

export const useLanes = defineStore('lanes', () => {
  const session = useSession();
  const selection = useSelection();

  const filter = ref('');
  const hidden = shallowRef<ReadonlySet<string>>(new Set());
  const collapsed = shallowRef<ReadonlySet<string>>(new Set());
  const pinned = shallowRef<readonly string[]>([]);

  watch(
    () => session.traceId,
    () => {
      filter.value = '';
      hidden.value = new Set();
      pinned.value = [];
      collapsed.value = new Set((session.trace?.syncs.length ?? 0) > OPEN_LOCKS ? [SYNC_GROUP] : []);
    },
    { immediate: true, flush: 'sync' },
  );

  /** The chosen thread stands first, large, whether or not it is pinned. */
  const focusKey = computed(() => (selection.lwp === null ? null : `pin:lwp:${selection.lwp}`));

  const rows = computed<readonly LaneRow[]>(() => {
    const trace = session.trace;
    if (trace === null) return [];
    const focus = selection.lwp === null ? [] : [`lwp:${selection.lwp}`];
    const others = pinned.value.filter((key) => !focus.includes(key));
    return buildRows(trace, {
      filter: filter.value,
      hidden: hidden.value,
      collapsed: collapsed.value,
      pinned: [...focus, ...others],
    });
  });

  const isPinned = (key: string): boolean => pinned.value.includes(key);

  function togglePin(key: string): void {
    pinned.value = isPinned(key) ? pinned.value.filter((other) => other !== key) : [...pinned.value, key];
  }

  function hide(key: string): void {
    hidden.value = new Set([...hidden.value, key]);
    if (isPinned(key)) togglePin(key);
  }

  function showHidden(): void {
    hidden.value = new Set();
  }

  function toggleGroup(key: string): void {
    const next = new Set(collapsed.value);
    if (!next.delete(key)) next.add(key);
    collapsed.value = next;
  }

  return {
    filter,
    hidden,
    collapsed,
    pinned,
    focusKey,
    rows,
    isPinned,
    togglePin,
    hide,
    showHidden,
    toggleGroup,
  };
});
