/** Files that the start page offers: those opened last, and the samples. */
import { defineStore } from 'pinia';
import { markRaw, shallowRef } from 'vue';
import type { RecentFile } from '#shared/api/contract.ts';
import { useConnection } from './connection.ts';
import { useNotices } from './notices.ts';

export const useRecentFiles = defineStore('recentFiles', () => {
  const connection = useConnection();
  const notices = useNotices();

  const recent = shallowRef<readonly RecentFile[]>([]);
  const samples = shallowRef<readonly RecentFile[]>([]);

  async function refresh(): Promise<void> {
    try {
      const lists = await connection.workbench().request('recent.list', {});
      recent.value = markRaw(lists.recent);
      samples.value = markRaw(lists.samples);
    } catch (thrown) {
      notices.fail('Could not list the recent files', thrown);
    }
  }

  return { recent, samples, refresh };
});
