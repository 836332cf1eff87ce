/**
 * What the reader set once and wants to find again: theme, density, and for each trace how the panels lie.
 * Kept by the service for all windows; read when the window connects, written back a moment after the last
 * change.
 */
import { defineStore } from 'pinia';
import { computed, nextTick, ref, watch, watchEffect } from 'vue';
import type { Hello, Results } from '#shared/api/contract.ts';
import {
  DENSITIES,
  COLOUR_SETS,
  densityFor,
  THEMES,
  themeFor,
  type DensityChoice,
  type ColourSet,
  type ThemeChoice,
} from '../theme/appearance.ts';
import { keptLayouts, layoutFrom, recordOf, NEW_LAYOUT, type BottomTab, type Layout } from './layouts.ts';
import { useNotices } from './notices.ts';
import { useConnection } from './connection.ts';
import { useSession } from './session.ts';

const WRITE_AFTER_MS = 500;
/** In a window narrower or lower than this, lanes need the room more than the inspector or the lists do. */
const NARROW_BELOW_PX = 980;
const LOW_BELOW_PX = 560;

/** Panels of the workspace that fold. */
export type Panel = 'bottom' | 'inspector';

type Stored = Results['settings.read']['settings'];

export const useSettings = defineStore('settings', () => {
  const connection = useConnection();
  const session = useSession();
  const notices = useNotices();

  const theme = ref<ThemeChoice>('system');
  const density = ref<DensityChoice>('auto');
  const colourSet = ref<ColourSet>('usual');
  /** Sizes of panels that the reader dragged, in px, by panel name; absent means the token's size. */
  const panelPx = ref<Record<string, number>>({});
  /** Sections of panels and panels that are folded, by name. */
  const folded = ref<Record<string, boolean>>({});
  const bottomTab = ref<BottomTab>(NEW_LAYOUT.bottomTab);
  /** How the panels lay in other traces, by path. */
  let layouts: Readonly<Record<string, Layout>> = {};

  const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
  const systemIsDark = ref(systemDark.matches);
  systemDark.addEventListener('change', (event) => (systemIsDark.value = event.matches));
  const windowHeightPx = ref(window.innerHeight);
  const windowWidthPx = ref(window.innerWidth);
  window.addEventListener('resize', () => {
    windowHeightPx.value = window.innerHeight;
    windowWidthPx.value = window.innerWidth;
  });

  const activeTheme = computed(() => themeFor(theme.value, systemIsDark.value));
  /** Changes with everything that changes the colours of the lanes. */
  const activeColours = computed(() => `${activeTheme.value} ${colourSet.value}`);
  const activeDensity = computed(() => densityFor(density.value, windowHeightPx.value));

  watchEffect(
    () => {
      document.documentElement.dataset['theme'] = activeTheme.value;
      document.documentElement.dataset['density'] = activeDensity.value;
      document.documentElement.dataset['colours'] = colourSet.value;
    },
    { flush: 'sync' },
  );

  let restored = false;
  /** What the service has; further keys, of other versions of the program, stay as they are. */
  let stored: Stored = {};
  /** What this window wrote last, as JSON. */
  let written = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    () => connection.hello,
    (hello: Hello | null) => {
      if (hello !== null && !restored) void restore();
    },
    { immediate: true },
  );

  async function restore(): Promise<void> {
    try {
      session.workbench().on('settings.changed', ({ settings }) => {
        // What this window wrote comes back to it, and may be older than what has been changed since.
        if (JSON.stringify(settings) === written) stored = settings;
        else take(settings);
      });
      take((await session.workbench().request('settings.read', {})).settings);
      const opened = session.trace === null ? undefined : layouts[session.trace.path];
      layOut(opened ?? layoutFrom(stored['layout']) ?? NEW_LAYOUT);
    } catch (thrown) {
      notices.fail('Could not read the settings', thrown);
    }
    // What was just read is no change to write back.
    await nextTick();
    restored = true;
  }

  function take(read: Stored): void {
    stored = read;
    const is = <T extends string>(values: readonly T[], value: unknown): value is T =>
      values.includes(value as T);
    if (is(THEMES, stored['theme'])) theme.value = stored['theme'];
    if (is(COLOUR_SETS, stored['palette'])) colourSet.value = stored['palette'];
    if (is(DENSITIES, stored['density'])) density.value = stored['density'];
    // How the panels lie in this window is its own: another one's are for traces that are opened later.
    layouts = recordOf(stored['layouts'], layoutFrom);
  }

  function layOut(layout: Layout): void {
    panelPx.value = { ...layout.panelPx };
    folded.value = { ...layout.folded };
    bottomTab.value = layout.bottomTab;
  }

  /** Whether a panel is folded: as the reader left it, else as there is room. */
  function isFolded(panel: Panel): boolean {
    return (
      folded.value[panel] ??
      (panel === 'inspector' ? windowWidthPx.value < NARROW_BELOW_PX : windowHeightPx.value < LOW_BELOW_PX)
    );
  }

  function fold(panel: Panel, on: boolean): void {
    folded.value = { ...folded.value, [panel]: on };
  }

  function showTab(tab: BottomTab): void {
    bottomTab.value = tab;
    fold('bottom', false);
  }

  const layoutNow = (): Layout => ({
    panelPx: panelPx.value,
    folded: folded.value,
    bottomTab: bottomTab.value,
  });

  // A trace looks as it did when it was left; one that is new here takes over what the one before looked like.
  watch(
    () => session.trace?.path,
    (path, before) => {
      if (before !== undefined) layouts = keptLayouts(layouts, before, layoutNow());
      const known = path === undefined ? undefined : layouts[path];
      if (known !== undefined) layOut(known);
    },
    { flush: 'sync' },
  );

  watch(
    [theme, density, colourSet, panelPx, folded, bottomTab],
    () => {
      if (!restored || !connection.connected) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        const path = session.trace?.path;
        if (path !== undefined) layouts = keptLayouts(layouts, path, layoutNow());
        const settings = jsonOf({
          ...stored,
          theme: theme.value,
          density: density.value,
          palette: colourSet.value,
          layout: layoutNow(),
          layouts,
        });
        // What came from another window is no change to send back.
        if (JSON.stringify(settings) === JSON.stringify(stored)) return;
        written = JSON.stringify(settings);
        session
          .workbench()
          .request('settings.write', { settings })
          .catch((thrown: unknown) => notices.fail('Could not save the settings', thrown));
      }, WRITE_AFTER_MS);
    },
    { deep: true },
  );

  return {
    theme,
    density,
    colourSet,
    activeColours,
    panelPx,
    folded,
    bottomTab,
    activeTheme,
    activeDensity,
    windowWidthPx,
    isFolded,
    fold,
    showTab,
  };
});

/** Plain JSON values: what a request carries. */
const jsonOf = (value: object): Stored => JSON.parse(JSON.stringify(value)) as Stored;
