/** The windows that there are; in a module of its own, because the app and its windows know each other. */

export interface OpenWindow {
  close(): void;
  destroy(): void;
}

export const openWindows = new Set<OpenWindow>();
