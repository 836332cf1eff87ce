/** How the panels of the window lie: sizes, what is folded, which tab is open. Remembered for each trace. */

/** The tabs of the bottom panel, in their order. */
export const BOTTOM_TABS = ['events', 'selection', 'sql', 'notes', 'findings'] as const;
export type BottomTab = (typeof BOTTOM_TABS)[number];

export interface Layout {
  readonly panelPx: Readonly<Record<string, number>>;
  readonly folded: Readonly<Record<string, boolean>>;
  readonly bottomTab: BottomTab;
}

export const NEW_LAYOUT: Layout = { panelPx: {}, folded: {}, bottomTab: 'events' };

/** Traces whose layout is kept: those left last. */
const MOST_KEPT = 100;

/** `layouts` with that of `path` as the newest, without those that were left longest ago. */
export function keptLayouts(
  layouts: Readonly<Record<string, Layout>>,
  path: string,
  layout: Layout,
): Record<string, Layout> {
  const others = Object.entries(layouts).filter(([other]) => other !== path);
  return Object.fromEntries([...others, [path, layout] as const].slice(-MOST_KEPT));
}

/** A stored layout; what of it is not what it should be is left out. Undefined where it is none at all. */
export function layoutFrom(stored: unknown): Layout | undefined {
  if (!isRecord(stored)) return undefined;
  const tab = stored['bottomTab'];
  return {
    panelPx: recordOf(stored['panelPx'], (value) => (typeof value === 'number' ? value : undefined)),
    folded: recordOf(stored['folded'], (value) => (typeof value === 'boolean' ? value : undefined)),
    bottomTab: BOTTOM_TABS.find((known) => known === tab) ?? NEW_LAYOUT.bottomTab,
  };
}

/** The entries of a stored object that can be read; settings files are edited by hand, too. */
export function recordOf<T>(value: unknown, read: (entry: unknown) => T | undefined): Record<string, T> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).map(([key, entry]) => [key, read(entry)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, T] => entry[1] !== undefined));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
