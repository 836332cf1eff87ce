/**
 * The trace that is open in this window.
 *
 * One at a time. Opening another keeps the present one until the new one is there, so a file that cannot be
 * opened costs nothing. Bulk data is never kept here: views ask `workbench()` for what they show.
 */
import { defineStore } from 'pinia';
import { computed, markRaw, ref, shallowRef } from 'vue';
import type { Highlight, TraceSummary } from '#shared/api/contract.ts';
import { showTimesAsCounts } from '../trace-data/format-time.ts';
import { useConnection } from './connection.ts';
import { useRecentFiles } from './recent-files.ts';

export const useSession = defineStore('session', () => {
  const { workbench } = useConnection();
  const recentFiles = useRecentFiles();

  /** Facts of the open trace; null where none is open. Raw: never reactive inside. */
  const trace = shallowRef<TraceSummary | null>(null);
  /** The moment to show first in the open trace; null where it has none that stands out. */
  const highlight = shallowRef<Highlight | null>(null);
  /** Counts how often the open trace has grown: what was read of it before is to be asked for again. */
  const revision = ref(0);
  /** Id of the last trace that has become whole while it was shown. */
  const completed = ref<string | null>(null);

  const traceId = computed<string | null>(() => trace.value?.traceId ?? null);

  async function opened(path: string, signal?: AbortSignal): Promise<TraceSummary> {
    const options = signal === undefined ? {} : { signal };
    return markRaw(await workbench().request('trace.open', { path }, options));
  }

  /** A trace whose highlight cannot be told opens at its start. */
  async function highlightOf(id: string): Promise<Highlight | null> {
    return workbench()
      .request('trace.highlight', { traceId: id })
      .catch(() => null);
  }

  /** That a trace which is no longer shown cannot be closed is no news for the reader. */
  async function closeById(id: string): Promise<void> {
    await workbench()
      .request('trace.close', { traceId: id })
      .catch(() => undefined);
  }

  /** Puts an open trace in the place of the present one. */
  async function replace(next: TraceSummary, first: Highlight | null): Promise<void> {
    const previous = traceId.value;
    highlight.value = first;
    showTimesAsCounts(next.clockUnit === 'unknown');
    trace.value = next;
    if (previous !== null && previous !== next.traceId) await closeById(previous);
  }

  /** Opens the trace at `path` and shows it. */
  async function open(path: string, signal?: AbortSignal): Promise<void> {
    const next = await opened(path, signal);
    // Known before anything is shown, so that the view does not jump.
    await replace(next, await highlightOf(next.traceId));
    await recentFiles.refresh();
  }

  /** Opens and shows a trace that is being written. Answers with its id, or null where there is nothing in it yet. */
  async function openGrowing(path: string): Promise<string | null> {
    const next = await opened(path);
    if (next.events === 0) {
      await closeById(next.traceId);
      return null;
    }
    await replace(next, null);
    return next.traceId;
  }

  /** Asks what the open trace is by now: one that is being recorded grows, and gets another name at its end. */
  async function refresh(): Promise<void> {
    const id = traceId.value;
    if (id === null) return;
    const now = markRaw(await workbench().request('trace.summary', { traceId: id }));
    if (traceId.value !== id || trace.value === null) return;
    const same =
      now.events === trace.value.events &&
      now.complete === trace.value.complete &&
      now.path === trace.value.path;
    if (same) return;
    trace.value = now;
    revision.value++;
  }

  /** What was written while it was shown has come to its end: the trace is shown as what it has become. */
  async function complete(): Promise<void> {
    await refresh();
    const id = traceId.value;
    if (id === null || trace.value?.complete !== true) return;
    const first = await highlightOf(id);
    if (traceId.value !== id) return;
    highlight.value = first;
    completed.value = id;
  }

  /** Closes the open trace and shows the start view. */
  async function close(): Promise<void> {
    const closing = traceId.value;
    if (closing === null) return;
    trace.value = null;
    await closeById(closing);
    await recentFiles.refresh();
  }

  return {
    trace,
    highlight,
    revision,
    completed,
    traceId,
    workbench,
    open,
    openGrowing,
    refresh,
    complete,
    close,
  };
});
