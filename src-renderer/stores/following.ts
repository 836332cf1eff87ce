/**
 * The trace that a job of this window writes, where it is shown meanwhile. The newest job's: one is followed at a time.
 */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useJobs } from './jobs.ts';
import { followLive, type LiveTrace } from './follow-live.ts';
import { useSession } from './session.ts';

export const useFollowing = defineStore('following', () => {
  const session = useSession();
  const jobs = useJobs();

  const live = shallowRef<LiveTrace | null>(null);
  /** Whether what the window shows is still being written. */
  const isLive = computed(() => live.value?.isShown() ?? false);

  /** Shows what a job writes to `path` while it writes it. Whoever started the job ends it with {@link end}. */
  function follow(jobId: string, path: string): LiveTrace {
    const followed = followLive(path, {
      progress: () => jobs.jobs.get(jobId)?.progress ?? null,
      openLive: session.openGrowing,
      refresh: session.refresh,
      shownId: () => session.traceId,
    });
    live.value = followed;
    return followed;
  }

  /** The job has ended. */
  async function end(followed: LiveTrace): Promise<void> {
    const isShown = followed.isShown();
    followed.stop();
    if (live.value === followed) live.value = null;
    if (isShown) await session.complete();
  }

  return { isLive, follow, end };
});
