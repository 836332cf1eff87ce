/**
 * Shows the trace that a recording or an import writes while it is written: as soon as there is something in the file,
 * and then more and more of it. A reader who opens another trace meanwhile is left with that one.
 */
import { ref, watch } from 'vue';
import type { JobProgress } from '#shared/api/contract.ts';

/** What following a job needs of the window. */
export interface LiveWindow {
  /** Progress of the job; told a few times a second. */
  progress(): JobProgress | null;
  /** Opens the growing file. Answers with the trace's id, or null where there is nothing in it yet. */
  openLive(path: string): Promise<string | null>;
  /** Reads again what the open trace is by now. */
  refresh(): Promise<void>;
  shownId(): string | null;
}

export interface LiveTrace {
  /** Whether the window shows it now. */
  isShown(): boolean;
  /** Whether the window has shown it, now or before. */
  wasShown(): boolean;
  /** No more is read of it: its job has ended. */
  stop(): void;
}

export function followLive(path: string, window: LiveWindow): LiveTrace {
  const traceId = ref<string | null>(null);
  const isShown = (): boolean => traceId.value !== null && traceId.value === window.shownId();
  let isReading = false;

  const stop = watch(
    () => window.progress(),
    async (now) => {
      if (now === null || now.events === 0 || isReading) return;
      if (traceId.value !== null && !isShown()) return;
      isReading = true;
      try {
        if (isShown()) await window.refresh();
        else traceId.value = await window.openLive(path);
      } catch {
        // The file may just be getting its final name. How the job ended is said when it has.
      } finally {
        isReading = false;
      }
    },
  );
  return { isShown, wasShown: () => traceId.value !== null, stop };
}
