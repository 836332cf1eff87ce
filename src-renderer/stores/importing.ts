/** The import that this window runs. The window is free for other things meanwhile, and shows the trace as it grows. */
import { defineStore } from 'pinia';
import { markRaw, shallowRef } from 'vue';
import type { ImportSummary } from '#shared/api/contract.ts';
import { useFollowing } from './following.ts';
import { useJobs } from './jobs.ts';
import { useNotices } from './notices.ts';
import { useRecentFiles } from './recent-files.ts';
import { useSession } from './session.ts';
import { isCancelled } from './thrown.ts';

/** The import that this window runs. */
export interface Importing {
  readonly name: string;
  readonly jobId: string;
  /** Size of the source. */
  readonly sourceBytes: number;
}

/** What an import did with its source; null where none of this window has ended. */
export type ImportReport = (ImportSummary & { readonly name: string }) | null;

/** Where an imported trace is, and whether the reader has left it while it was shown. */
export interface Imported {
  readonly path: string;
  readonly isLeft: boolean;
}

export const useImporting = defineStore('importing', () => {
  const session = useSession();
  const following = useFollowing();
  const recentFiles = useRecentFiles();
  const notices = useNotices();
  const jobs = useJobs();

  /** The newest import, until it has ended. */
  const running = shallowRef<Importing | null>(null);
  /** What the last import of this window did with its source. */
  const report = shallowRef<ImportReport>(null);

  /**
   * Imports files as one trace and shows it.
   *
   * @param onStart called once the import runs
   * @returns null where the reader cancelled it, and keeps what has been imported so far
   * @throws WorkbenchError why it failed, or 'cancelled' where nothing of it is shown
   */
  async function importAndShow(
    [path, ...also]: readonly string[],
    name: string,
    onStart: () => void,
  ): Promise<Imported | null> {
    const started = await session.workbench().request('import.start', { path: path!, also });
    const { jobId, path: partialPath, sourceBytes } = started;
    onStart();
    running.value = { name, jobId, sourceBytes };
    const followed = following.follow(jobId, partialPath);
    try {
      const done = await jobs.finished(jobId);
      report.value = done.report === null ? null : markRaw({ name, ...done.report });
      if (!followed.wasShown()) await session.open(done.path);
      return { path: done.path, isLeft: followed.wasShown() && !followed.isShown() };
    } catch (thrown) {
      if (!followed.isShown() || !isCancelled(thrown)) throw thrown;
      notices.add('info', 'Import cancelled', 'The part imported so far stays open.');
      return null;
    } finally {
      if (running.value?.jobId === jobId) running.value = null;
      await following.end(followed);
      await recentFiles.refresh();
    }
  }

  return { running, report, importAndShow };
});
