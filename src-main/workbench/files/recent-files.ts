/** The traces opened last, newest first. */
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { RecentFile } from '#shared/api/contract.ts';
import { JsonFile } from './json-file.ts';

const MAX_RECENT = 20;

const recentSchema = z.array(z.object({ path: z.string().max(4096), openedAtMs: z.number() })).max(1000);
type Entries = z.infer<typeof recentSchema>;

export class RecentFiles {
  private readonly file: JsonFile<Entries>;

  constructor(configFolder: string) {
    this.file = new JsonFile(join(configFolder, 'recent.json'), recentSchema, []);
  }

  async list(): Promise<readonly RecentFile[]> {
    return (await this.entries()).map(({ path, openedAtMs }) => ({ path, name: basename(path), openedAtMs }));
  }

  /**
   * Puts a file at the top, `instead` of the one that it was before. That the list cannot be kept is no reason not to
   * open a trace: errors are dropped.
   */
  async add(path: string, instead = path): Promise<void> {
    const entries = await this.entries();
    const others = entries.filter((entry) => entry.path !== path && entry.path !== instead);
    const listed = [{ path, openedAtMs: Date.now() }, ...others].slice(0, MAX_RECENT);
    await this.file.write(listed).catch(() => undefined);
  }

  /** A broken list is set aside by the file itself and begins anew. */
  private entries(): Promise<Entries> {
    return this.file.read().catch(() => []);
  }
}
