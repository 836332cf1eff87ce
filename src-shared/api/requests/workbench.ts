/** The window's first questions, and files before they are opened. */
import { z } from 'zod';
import { path } from './parameters.ts';
import { answer, request } from './request.ts';

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

export const workbenchRequests = {
  /** First request of a window: what host is this, what should be shown. */
  'workbench.hello': request(z.object({}), answer<Hello>()),
  'recent.list': request(
    z.object({}),
    answer<{ readonly recent: readonly RecentFile[]; readonly samples: readonly RecentFile[] }>(),
  ),
  'settings.read': request(z.object({}), answer<{ readonly settings: Settings }>()),
  'settings.write': request(z.object({ settings: z.record(z.string().max(64), z.json()) }), answer<null>()),
  /** Is this a trace of ours, or something to import? By content, not by name. */
  'trace.identify': request(z.object({ path }), answer<Identified>()),
  /** The host's own "open" dialog; no path where it was cancelled. */
  'dialog.openFiles': request(z.object({}), answer<{ readonly paths: readonly string[] }>()),
  /** Another window, on a file or on none; for hosts that own their windows. */
  'window.open': request(z.object({ path: path.optional() }), answer<null>()),
};
