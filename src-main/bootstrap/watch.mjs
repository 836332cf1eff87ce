/** Runs something again whenever a source is saved. */
import { watch } from 'node:fs';
import { inRoot } from './paths.mjs';

/** What tests read; results and builds lie elsewhere. */
const WATCHED = ['src-shared', 'src-main', 'src-renderer', 'test', 'traces'];
/** An editor that saves, or a checkout, touches several files in a row. */
const SETTLE_MS = 200;

/**
 * Runs at once and after each change, one run after the other, until it is interrupted.
 *
 * @param {() => Promise<number>} run answers with an exit code
 * @param {(line: string) => void} say
 * @returns {Promise<number>} exit code of the last run
 */
export async function rerunOnChange(run, say) {
  let isOver = false;
  let isChanged = true;
  let wake = () => {};
  const watchers = WATCHED.map((folder) =>
    watch(inRoot(folder), { recursive: true }, () => {
      isChanged = true;
      wake();
    }),
  );
  const end = () => {
    isOver = true;
    wake();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  let code = 0;
  while (!isOver) {
    if (isChanged) {
      isChanged = false;
      code = await run();
      if (!isOver) say('\nWaiting for a change; Ctrl-C ends this.');
    } else {
      await new Promise((resolve) => (wake = () => resolve(undefined)));
      await new Promise((resolve) => setTimeout(resolve, isOver ? 0 : SETTLE_MS));
    }
  }
  for (const watcher of watchers) watcher.close();
  return code;
}
