/** The window's connection to the workbench: its client, the host behind it, and whether it is still open. */
import { defineStore } from 'pinia';
import { computed, markRaw, ref, shallowRef } from 'vue';
import type { Hello, WorkbenchClient } from '#shared/api/contract.ts';
import { useNotices } from './notices.ts';

/** What the transport gives a window: the door to the workbench, and what only its host can tell. */
export interface HostWindow {
  readonly client: WorkbenchClient;
  /** Path of a dropped file on the machine of the service; null where the host cannot tell. */
  pathOfFile(file: File): string | null;
  /** Calls `listener` once, when the connection is gone. */
  onClosed(listener: () => void): void;
}

export const useConnection = defineStore('connection', () => {
  const notices = useNotices();

  const host = shallowRef<HostWindow | null>(null);
  /** What the workbench said of itself; null until it has. */
  const hello = shallowRef<Hello | null>(null);
  const connected = ref(false);
  const client = computed<WorkbenchClient | null>(() => host.value?.client ?? null);

  /** The door to the workbench; for code that only runs once there is one. */
  function workbench(): WorkbenchClient {
    if (host.value === null) throw new Error('the window is not connected to the workbench yet');
    return host.value.client;
  }

  /** Takes over a connection. */
  function attach(window: HostWindow): void {
    host.value = markRaw(window);
    connected.value = true;
    window.onClosed(lose);
  }

  async function greet(): Promise<Hello> {
    const greeting = markRaw(await workbench().request('workbench.hello', {}));
    hello.value = greeting;
    return greeting;
  }

  /** What is on the screen stays readable, nothing more can be asked. */
  function lose(): void {
    connected.value = false;
    notices.add(
      'error',
      'The connection to the workbench is lost',
      'You can still read what is on the screen. To continue, start the workbench again: it opens a new window or prints a new address, and you can close this window.',
    );
  }

  return { host, hello, connected, client, workbench, attach, greet };
});
