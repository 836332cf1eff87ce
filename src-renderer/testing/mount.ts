/** Mounts a view as the window does, with the window's styles, for tests in a browser. */
import '../theme/tokens.css';
import '../theme/base.css';
import { createApp, h, type Component } from 'vue';
import { afterEach } from 'vitest';

const mounted: { unmount(): void }[] = [];
afterEach(() => {
  for (const each of mounted.splice(0)) each.unmount();
});

/**
 * @param props and listeners (`onName`); a getter is read at every render
 * @param setup runs in a component around it, for what it injects
 * @returns the element around it
 */
export function mount(
  component: Component,
  props: Record<string, unknown> | (() => Record<string, unknown>),
  setup: () => void = () => undefined,
): HTMLElement {
  const host = document.body.appendChild(document.createElement('div'));
  const app = createApp({
    setup() {
      setup();
      return () => h(component, typeof props === 'function' ? props() : props);
    },
  });
  app.mount(host);
  mounted.push({
    unmount() {
      app.unmount();
      host.remove();
    },
  });
  return host;
}
