/**
 * What the reader set once and wants to find again: theme, density, panel sizes, speed. Kept by the service
 * for all windows; read when the window connects, written back a moment after the last change.
 */
import { defineStore } from 'pinia';
import { computed, nextTick, ref, watch, watchEffect } from 'vue';
import type { Hello, Results } from '#shared/api/contract.ts';
import {
  DENSITIES,
  densityFor,
  THEMES,
  themeFor,
  type DensityChoice,
  type ThemeChoice,
} from '../theme/appearance.ts';
import { useNotices } from './notices.ts';
import { useSession } from './session.ts';

const WRITE_AFTER_MS = 500;

type Stored = Results['settings.read']['settings'];

export const useSettings = defineStore('settings', () => {
  const session = useSession();
  const notices = useNotices();

  const theme = ref<ThemeChoice>('system');
  const density = ref<DensityChoice>('auto');
  /** Sizes of panels that the reader dragged, in px, by panel name; absent means the token's size. */
  const panelPx = ref<Record<string, number>>({});
  /** Sections of panels that are folded, by name. */
  const folded = ref<Record<string, boolean>>({});

  const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
  const systemIsDark = ref(systemDark.matches);
  systemDark.addEventListener('change', (event) => (systemIsDark.value = event.matches));
  const windowHeightPx = ref(window.innerHeight);
  window.addEventListener('resize', () => (windowHeightPx.value = window.innerHeight));

  const activeTheme = computed(() => themeFor(theme.value, systemIsDark.value));
  const activeDensity = computed(() => densityFor(density.value, windowHeightPx.value));

  watchEffect(
    () => {
      document.documentElement.dataset['theme'] = activeTheme.value;
      document.documentElement.dataset['density'] = activeDensity.value;
    },
    { flush: 'sync' },
  );

  let restored = false;
  /** What the service has; further keys, of other versions of the program, stay as they are. */
  let stored: Stored = {};
  let timer: ReturnType<typeof setTimeout> | undefined;

  watch(
    () => session.hello,
    (hello: Hello | null) => {
      if (hello !== null && !restored) void restore();
    },
    { immediate: true },
  );

  async function restore(): Promise<void> {
    try {
      session.workbench().on('settings.changed', ({ settings }) => take(settings));
      take((await session.workbench().request('settings.read', {})).settings);
    } catch (thrown) {
      notices.fail('The settings cannot be read', thrown);
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
    if (is(DENSITIES, stored['density'])) density.value = stored['density'];
    panelPx.value = recordOf(stored['panelPx'], (value): value is number => typeof value === 'number');
    folded.value = recordOf(stored['folded'], (value): value is boolean => typeof value === 'boolean');
  }

  watch(
    [theme, density, panelPx, folded],
    () => {
      if (!restored || !session.connected) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        const settings = {
          ...stored,
          theme: theme.value,
          density: density.value,
          panelPx: panelPx.value,
          folded: folded.value,
        };
        // What came from another window is no change to send back.
        if (JSON.stringify(settings) === JSON.stringify(stored)) return;
        session
          .workbench()
          .request('settings.write', { settings })
          .catch((thrown: unknown) => notices.fail('The settings cannot be saved', thrown));
      }, WRITE_AFTER_MS);
    },
    { deep: true },
  );

  return { theme, density, panelPx, folded, activeTheme, activeDensity };
});

/** The entries of a stored object that have the expected type; settings files are edited by hand, too. */
function recordOf<T>(value: unknown, is: (entry: unknown) => entry is T): Record<string, T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, T] => is(entry[1])));
}
