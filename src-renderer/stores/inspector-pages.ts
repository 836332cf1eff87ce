/**
 * Which page the inspector shows, and which it showed before. It follows the selection; links inside it lead
 * to things that no lane shows (a process, a slot page, the story of a decision), too.
 */
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { LwpId, SlotId } from '#shared/base/brands.ts';
import type { LaneRef } from '#shared/api/contract.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';

/**
 * `id`: of the CPU, LWP, process, page or sync object; of the LWP that a decision is about; a finding's ordinal; 0 for
 * the machine.
 */
export interface InspectorPage {
  readonly kind: 'machine' | 'cpu' | 'lwp' | 'process' | 'page' | 'sync' | 'decision' | 'finding';
  readonly id: number;
  /** The slot of a page that is looked at. */
  readonly slot?: SlotId;
}

const MACHINE: InspectorPage = { kind: 'machine', id: 0 };
const MOST_KEPT = 100;
const same = (a: InspectorPage, b: InspectorPage): boolean =>
  a.kind === b.kind && a.id === b.id && a.slot === b.slot;

/** The page of what is chosen. */
function chosenPage(lane: LaneRef | null, lwp: LwpId | null): InspectorPage {
  if (lwp !== null) return { kind: 'lwp', id: lwp };
  return lane === null ? MACHINE : { kind: lane.kind, id: lane.id };
}

export const useInspectorPages = defineStore('inspectorPages', () => {
  const session = useSession();
  const selection = useSelection();

  const page = shallowRef<InspectorPage>(chosenPage(selection.lane, selection.lwp));
  const past = shallowRef<readonly InspectorPage[]>([]);
  const ahead = shallowRef<readonly InspectorPage[]>([]);
  const canGoBack = computed(() => past.value.length > 0);
  const canGoForward = computed(() => ahead.value.length > 0);
  /** The LWP that the page is about, null where it is about none. */
  const lwp = computed(() =>
    page.value.kind === 'lwp' || page.value.kind === 'decision' ? page.value.id : null,
  );

  watch(
    () => session.traceId,
    () => {
      page.value = MACHINE;
      past.value = [];
      ahead.value = [];
    },
    { flush: 'sync' },
  );

  function show(next: InspectorPage): void {
    if (same(next, page.value)) return;
    past.value = [...past.value, page.value].slice(-MOST_KEPT);
    ahead.value = [];
    page.value = next;
  }

  /** Whether the selection is being changed to fit the page, and not the other way round. */
  let selecting = false;
  /** Chooses what the page is about, where a lane shows it. */
  function select({ kind, id }: InspectorPage): void {
    selecting = true;
    if (kind === 'lwp' || kind === 'decision') {
      if (selection.lwp !== id) selection.selectLwp(id);
    } else if (kind === 'cpu' || kind === 'sync') {
      selection.selectSlice({ kind, id }, null, null);
    }
    selecting = false;
  }

  /** Shows a page, as a link does. */
  function go(next: InspectorPage): void {
    show(next);
    select(next);
  }

  /** Shows the page of a finding, and chooses the thread that caused it, if one did, without leaving the page. */
  function goToFinding(ordinal: number, cause: number | null): void {
    show({ kind: 'finding', id: ordinal });
    selecting = true;
    if (cause === null) selection.clear();
    else selection.selectLwp(cause);
    selecting = false;
  }

  function back(): void {
    const last = past.value.at(-1);
    if (last === undefined) return;
    past.value = past.value.slice(0, -1);
    ahead.value = [page.value, ...ahead.value];
    page.value = last;
    select(last);
  }

  function forward(): void {
    const [next, ...rest] = ahead.value;
    if (next === undefined) return;
    past.value = [...past.value, page.value];
    ahead.value = rest;
    page.value = next;
    select(next);
  }

  watch(
    [() => selection.lane, () => selection.lwp],
    ([lane, chosen]) => {
      if (selecting) return;
      const next = chosenPage(lane, chosen);
      // Stepping from decision to decision goes on explaining.
      show(next.kind === 'lwp' && page.value.kind === 'decision' ? { kind: 'decision', id: next.id } : next);
    },
    { flush: 'sync' },
  );

  return { page, lwp, canGoBack, canGoForward, go, goToFinding, back, forward };
});
