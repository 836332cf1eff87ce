/** What the window has to tell its reader outside any view: errors, warnings, things done. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { WorkbenchError } from '#shared/base/errors.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface Notice {
  readonly id: number;
  readonly severity: Severity;
  /** One sentence: what happened. */
  readonly title: string;
  /** What the failing part said, with the file and what to do. */
  readonly message: string;
}

/** Informational notices leave by themselves; errors stay until they are dismissed. */
const INFO_STAYS_MS = 6_000;
const MOST_SHOWN = 4;

export const useNotices = defineStore('notices', () => {
  const notices = shallowRef<readonly Notice[]>([]);
  let nextId = 1;

  function add(severity: Severity, title: string, message: string): void {
    const same = notices.value.find((notice) => notice.title === title && notice.message === message);
    const kept = notices.value.filter((notice) => notice !== same);
    const notice = { id: nextId++, severity, title, message };
    notices.value = [...kept, notice].slice(-MOST_SHOWN);
    if (severity === 'info') setTimeout(() => dismiss(notice.id), INFO_STAYS_MS);
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }

  /** Shows whatever was thrown. A cancelled request is no error: whoever cancelled it knows. */
  function fail(title: string, thrown: unknown): void {
    if (thrown instanceof WorkbenchError && thrown.code === 'cancelled') return;
    add('error', title, thrown instanceof Error ? thrown.message : String(thrown));
  }

  return { notices, add, dismiss, fail };
});
