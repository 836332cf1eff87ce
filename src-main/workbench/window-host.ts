/** What a host can do for one of its windows. */
export interface WindowHost {
  /** What the window should show when it connects, or connects again: an absolute path, null for nothing. */
  readonly openPath: () => string | null;
  /** The host's "open" dialog; no path where it was cancelled. */
  readonly openFilesDialog?: (() => Promise<readonly string[]>) | undefined;
  /** Opens another window, on a file or on none. */
  readonly openWindow?: ((path: string | null) => void) | undefined;
  /** The window has opened a trace. */
  readonly onOpened?: ((path: string, traceId: string) => void) | undefined;
  readonly onClosed?: ((traceId: string) => void) | undefined;
}
