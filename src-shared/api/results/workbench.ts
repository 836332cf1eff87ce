/** The window's first questions, and files before they are opened. */
import type { z } from 'zod';

/** The settings of all windows, by name. */
export type Settings = Readonly<Record<string, z.infer<ReturnType<typeof z.json>>>>;

/** What a window can do depends on its host. */
export interface Hello {
  readonly version: string;
  readonly host: 'electron' | 'loopback' | 'memory';
  /** True where `dialog.openFiles` works and dropped files have paths; otherwise files are uploaded. */
  readonly nativeFiles: boolean;
  /** What to show first: a file named on the command line, or a sample. */
  readonly openPath: string | null;
}

export interface RecentFile {
  readonly path: string;
  readonly name: string;
  /** Milliseconds since 1970, as Date.now() gives. */
  readonly openedAtMs: number;
}

export interface Identified {
  readonly kind: 'trace' | 'import' | 'scenario';
  /** 'sctrace', 'ftrace', 'scenario', ... */
  readonly format: string;
}
