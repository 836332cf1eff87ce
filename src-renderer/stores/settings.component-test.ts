/** The settings of a window, as they go to the service and come back. */
import { createPinia, setActivePinia } from 'pinia';
import { expect, test, vi } from 'vitest';
import type { WorkbenchClient } from '#shared/api/contract.ts';
import { useSettings } from './settings.ts';
import { useWindowStart } from './window-start.ts';

type Changed = (payload: { readonly settings: unknown }) => void;

test('what this window wrote comes back without undoing what was changed since', async () => {
  setActivePinia(createPinia());
  const written: unknown[] = [];
  let changed: Changed = () => undefined;
  const client = {
    request(name: string, params: { readonly settings?: unknown }) {
      if (name === 'workbench.hello') {
        return Promise.resolve({ version: '0', host: 'memory', nativeFiles: false, openPath: null });
      }
      if (name === 'settings.read') return Promise.resolve({ settings: {} });
      if (name === 'settings.write') written.push(params.settings);
      return Promise.resolve(name === 'recent.list' ? { recent: [], samples: [] } : null);
    },
    on(name: string, listener: Changed) {
      if (name === 'settings.changed') changed = listener;
      return () => undefined;
    },
    close: () => undefined,
  } as unknown as WorkbenchClient;
  const settings = useSettings();
  await useWindowStart().attach({ client, pathOfFile: () => null, onClosed: () => undefined });
  // What is changed while the settings are read is not written.
  await new Promise((later) => setTimeout(later, 100));
  settings.colourSet = 'colour-blind';
  await vi.waitFor(() => expect(written).toHaveLength(1), { timeout: 5_000 });

  settings.colourSet = 'usual';
  changed({ settings: written.at(-1) });
  expect(settings.colourSet).toBe('usual');

  changed({ settings: { ...(written.at(-1) as object), theme: 'dark' } });
  expect([settings.colourSet, settings.theme]).toEqual(['colour-blind', 'dark']);
});
