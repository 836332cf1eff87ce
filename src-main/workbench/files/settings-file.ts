/** The window's settings: an object of JSON values whose meaning is the window's business. */
import { join } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '#shared/base/errors.ts';
import { JsonFile } from './json-file.ts';

const settingsSchema = z.record(z.string().max(64), z.json());
export type Settings = z.infer<typeof settingsSchema>;

/** Larger settings are a mistake of the writer. */
const MAX_SETTINGS_BYTES = 1 << 20;

export class SettingsFile {
  private readonly file: JsonFile<Settings>;

  constructor(configFolder: string) {
    this.file = new JsonFile(join(configFolder, 'settings.json'), settingsSchema, {});
  }

  /** As {@link JsonFile.read}: a broken file is set aside, said once, and never fatal. */
  read(): Promise<Settings> {
    return this.file.read();
  }

  async write(settings: Settings): Promise<void> {
    if (JSON.stringify(settings).length > MAX_SETTINGS_BYTES) {
      throw new WorkbenchError('bad-request', 'The settings are larger than 1 MB and were not saved.');
    }
    await this.file.write(settings);
  }
}
