/**
 * Entry point of the thread that ends its process when the process that started it has ended: the process itself may be
 * in the middle of a statement of SQLite, which hears nothing and may never end.
 */
import { workerData } from 'node:worker_threads';

const CHECK_MS = 250;

/** Its process id. */
const parent = workerData as number;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, CHECK_MS);
