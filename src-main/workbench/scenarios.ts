/** The scenarios that come with the program, and others that are named by path. */
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { extname, isAbsolute, join } from 'node:path';
import type { CauseId } from '#shared/base/brands.ts';
import type { ScenarioInfo } from '#shared/api/contract.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { readFailure } from '#shared/base/file-errors.ts';
import { scenarioHeader } from '../scenario/header.ts';
import { checkScenario } from '../scenario/parse-scenario.ts';

/** A larger text is no scenario; the window's editor takes as much. */
const MAX_SCENARIO_BYTES = 1 << 20;
const EXTENSIONS = ['.yaml', '.yml'];

export class Scenarios {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * The scenarios of the program, those with a place first, the others by title. A file that cannot be read is left
   * out.
   */
  async list(): Promise<readonly ScenarioInfo[]> {
    const names = await readdir(this.folder).catch((): string[] => []);
    const infos = await Promise.all(
      names
        .filter((name) => EXTENSIONS.includes(extname(name)))
        .map(async (name): Promise<(ScenarioInfo & { readonly place: CauseId }) | null> => {
          try {
            const text = await readText(join(this.folder, name));
            const { title, see, place } = scenarioHeader(text);
            const { facts } = checkScenario(text);
            return {
              id: name,
              title: title ?? name,
              about: see ?? '',
              facts,
              place: place ?? Number.MAX_SAFE_INTEGER,
            };
          } catch {
            return null;
          }
        }),
    );
    return infos
      .filter((info) => info !== null)
      .sort((a, b) => a.place - b.place || a.title.localeCompare(b.title))
      .map(({ id, title, about, facts }) => ({ id, title, about, facts }));
  }

  /** Text of a scenario. @param id as listed, or the absolute path of a file */
  async read(id: string): Promise<string> {
    if (isAbsolute(id)) return readText(id);
    if (!/^[\w-][\w.-]*$/.test(id)) {
      throw new WorkbenchError('not-found', `There is no scenario ${id}.`);
    }
    return readText(join(this.folder, id));
  }
}

/** The text of a file that may be a scenario. Throws WorkbenchError 'not-found' or 'unreadable'. */
export async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      return await textOf(file, path);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw readFailure(path, thrown);
  }
}

/** The same of a file that is open. Its size is what comes out of it, whatever the system says. */
export async function textOf(file: FileHandle, path: string): Promise<string> {
  const bytes = Buffer.alloc(MAX_SCENARIO_BYTES + 1);
  let length = 0;
  try {
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > MAX_SCENARIO_BYTES) {
      throw new WorkbenchError('unreadable', `${path} is too large for a scenario (over 1 MB).`, {
        file: path,
      });
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length));
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
    if (!code.startsWith('ERR_ENCODING')) throw readFailure(path, thrown);
    throw new WorkbenchError(
      'unreadable',
      `${path} cannot be read: it is not text. A scenario is YAML text; open or import a trace instead of recording it.`,
      { file: path },
      { cause: thrown },
    );
  }
}
