/**
 * Threads of systems and files that number them within a process: each gets an id of its own here, above all
 * that such a system gives to processes.
 */
import { NAME_RANK, THREAD_ID_LIMIT } from './threads.ts';
import type { SchedulerModel } from './scheduler-model.ts';

const FIRST_ID = 1 << 21;

export class NumberedThreads {
  private readonly model: SchedulerModel;
  private readonly ids = new Map<string, number>();
  private readonly described = new Set<number>();

  constructor(model: SchedulerModel) {
    this.model = model;
  }

  /** Id of a thread for {@link SchedulerModel.begin}; -1 where there are too many. */
  id(pid: number | string, thread: string): number {
    const key = `${pid}/${thread}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = FIRST_ID + this.ids.size;
    if (id >= THREAD_ID_LIMIT) return -1;
    this.ids.set(key, id);
    return id;
  }

  /** Gives a thread that nothing is known of yet its numbers. */
  introduce(id: number, pid: number, number: number): void {
    if (this.described.has(id)) return;
    this.describe(id, pid, number, `process ${pid}`, `${pid}/${number}`);
  }

  /** Says what a thread is called in the trace, and returns its LWP. */
  describe(id: number, pid: number, number: number, processName: string, name: string): number {
    const { model } = this;
    this.described.add(id);
    const lwp = model.thread(id);
    model.threads.describe(lwp, pid, number, processName);
    const bytes = Buffer.from(name, 'utf8');
    model.name(lwp, bytes, 0, bytes.length, NAME_RANK.recorded);
    return lwp;
  }
}
