/** How a window begins: takes over a connection, asks what to show first, and opens it. */
import { defineStore } from 'pinia';
import { ref } from 'vue';
import { useConnection, type HostWindow } from './connection.ts';
import { useJobs } from './jobs.ts';
import { useOpening } from './opening.ts';
import { useRecentFiles } from './recent-files.ts';

export const useWindowStart = defineStore('windowStart', () => {
  const connection = useConnection();
  const opening = useOpening();
  const jobs = useJobs();
  const recentFiles = useRecentFiles();

  /** Whether what the host wanted shown first has been opened, or has failed to. */
  const settled = ref(false);

  async function attach(window: HostWindow): Promise<void> {
    connection.attach(window);
    jobs.listen(window.client);
    const { openPath } = await connection.greet();
    await recentFiles.refresh();
    if (openPath !== null) await opening.open(openPath);
    settled.value = true;
  }

  return { settled, attach };
});
