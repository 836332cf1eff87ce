/** The launcher (bootstrap/run-command.mjs) that started this process, where one did. */

/** How the launcher tells its process id. */
const LAUNCHER = 'SCHEDCTL_WORKBENCH_LAUNCHER';
const CHECK_MS = 250;

/**
 * Asks this process to end when its launcher has ended: one that is killed cannot pass anything on, and what it has
 * started would go on for ever, with its port.
 */
export function endWithLauncher(): void {
  const launcher = Number(process.env[LAUNCHER] ?? NaN);
  // What this process starts is its own business.
  delete process.env[LAUNCHER];
  if (!Number.isSafeInteger(launcher) || launcher <= 0) return;
  // Its own child notices its end even if the dead launcher has not been reaped.
  const isChild = process.ppid === launcher;
  const timer = setInterval(() => {
    if (!(isChild && process.ppid !== launcher) && isAlive(launcher)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, CHECK_MS);
  timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
