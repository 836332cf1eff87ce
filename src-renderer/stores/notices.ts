/** What the window has to tell its reader outside any view: errors, warnings, things done. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { visibleLines, visibleText } from '#shared/base/visible-text.mjs';
import { isCancelled, messageOf } from './thrown.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface Notice {
  readonly id: number;
  readonly severity: Severity;
  /** One sentence: what happened. */
  readonly title: string;
  /** What the failing part said, with the file and what to do. */
  readonly message: string;
  /** What can be done about it at once; absent where nothing is offered. */
  readonly action?: NoticeAction;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => unknown;
}

/** Informational notices leave by themselves, unless they offer something; errors stay until they are dismissed. */
const INFO_STAYS_MS = 6_000;
const MOST_SHOWN = 4;

export const useNotices = defineStore('notices', () => {
  const notices = shallowRef<readonly Notice[]>([]);
  let nextId = 1;

  function add(severity: Severity, title: string, message: string, action?: NoticeAction): void {
    const same = notices.value.find((notice) => notice.title === title && notice.message === message);
    const kept = notices.value.filter((notice) => notice !== same);
    const notice: Notice = {
      id: nextId++,
      severity,
      title: visibleText(title),
      message: visibleLines(message),
      ...(action === undefined ? {} : { action }),
    };
    notices.value = [...kept, notice].slice(-MOST_SHOWN);
    if (severity === 'info' && action === undefined) setTimeout(() => dismiss(notice.id), INFO_STAYS_MS);
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }

  /** Shows anything thrown. A cancelled request is no error: its caller cancelled it. */
  function fail(title: string, thrown: unknown): void {
    if (!isCancelled(thrown)) add('error', title, messageOf(thrown));
  }

  return { notices, add, dismiss, fail };
});
