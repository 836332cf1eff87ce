/**
 * The name of a run's output file. An existing file is replaced only if the person asked for it, only if it is a
 * regular file, and never if the run reads it.
 *
 * Everything that the program writes goes through here: a file is made under a name of its own ({@link newTemporary})
 * and is given its final one when it is whole ({@link giveName}).
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';

/** What a run may do to what it finds under the name of its output. */
export interface OutputRules {
  /** The person asked for what is there to be replaced. */
  readonly replace?: boolean | undefined;
  /** Files that the run reads, by any of their names: never replaced. */
  readonly sources?: readonly string[] | undefined;
}

/** SQLite's side files of a database. A source that is a database includes these, too. */
export const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;

/** Bytes of a name, in every file system that matters. */
export const MAX_NAME_BYTES = 255;
/** Bytes that a temporary name leaves for the suffixes of side files. */
const ROOM_BYTES = 32;

/**
 * Refuses a name for a file.
 *
 * @throws WorkbenchError 'usage' for a folder and for a source of the run; 'write-failed' where anything else is there
 *   that may not be replaced, or the name is too long
 */
export function checkOutputFile(path: string, rules: OutputRules = {}): void {
  const found = whatIsAt(path);
  if (found === null) return;
  refuseSource(path, rules);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new WorkbenchError('usage', `${path} is a folder: give the name of a file in it.`, { file: path });
  }
  if (!found.isFile()) {
    throw refused(path, `${path} is ${kindOf(found)}, not a file: it was not changed. Give another name.`);
  }
  if (rules.replace !== true) throw existsAlready(path);
}

/**
 * Refuses a name for a folder of files. A folder may be replaced where the person asked for it and it holds nothing but
 * files that the run will make again.
 *
 * @param names of the files that the folder will hold
 * @throws WorkbenchError 'usage' or 'write-failed' as {@link checkOutputFile}
 */
export function checkOutputFolder(path: string, names: readonly string[], rules: OutputRules = {}): void {
  const found = whatIsAt(path);
  if (found === null) return;
  refuseSource(path, rules);
  if (rules.replace !== true) throw existsAlready(path);
  const isFormer =
    found.isDirectory() &&
    readdirSync(path, { withFileTypes: true }).every((entry) => entry.isFile() && names.includes(entry.name));
  if (!isFormer) {
    throw refused(
      path,
      `${path} exists and contains more than exported tables: it was not changed. Give another name.`,
    );
  }
  for (const name of names) refuseSource(join(path, name), rules);
}

/** Whether `path` is one of the files that the run reads, whatever it is called. */
export function isSource(path: string, { sources = [] }: OutputRules): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return (
    found !== undefined &&
    sources.some((source) =>
      ['', ...SIDE_FILES].some((ending) => {
        const read = statSync(source + ending, { throwIfNoEntry: false });
        return read !== undefined && read.dev === found.dev && read.ino === found.ino;
      }),
    )
  );
}

/** What is at a name, not followed where it is a link; null for nothing. Throws WorkbenchError write-failed. */
export function whatIsAt(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (thrown) {
    // Whoever makes something there will hear it, too, and says it in words of its own.
    if (codeOf(thrown) !== 'ENAMETOOLONG') return null;
    const name = basename(path);
    throw refused(
      path,
      `The name ${name} is too long: it has ${Buffer.byteLength(name)} bytes. Give a shorter one.`,
    );
  }
}

export interface Temporary {
  readonly path: string;
  /** Open for writing. */
  readonly descriptor: number;
}

/** An unused name next to `path` that shows its purpose: `NAME.1f2e3d4c.new`. */
export function temporaryName(path: string, ending = 'new'): string {
  const suffix = `.${randomBytes(4).toString('hex')}.${ending}`;
  const stem = Buffer.from(basename(path)).subarray(0, MAX_NAME_BYTES - suffix.length - ROOM_BYTES);
  // A character that was cut in two is left out.
  return join(dirname(path), stem.toString().replace(/\ufffd+$/, '') + suffix);
}

/**
 * Makes a new file for this run next to `path`: the name was not in use, and it is no link to another file.
 *
 * @param mode permissions, before the umask
 * @throws the system's error
 */
export function newTemporary(path: string, mode = 0o666): Temporary {
  const temporary = temporaryName(path);
  return { path: temporary, descriptor: openSync(temporary, 'wx', mode) };
}

/**
 * Gives a finished file its name. What has appeared there meanwhile is treated as {@link checkOutputFile} says.
 *
 * @param made a file of this run; it is no longer there afterwards
 * @throws WorkbenchError as {@link checkOutputFile}; the system's error. `made` is then still there
 */
export function giveName(made: string, path: string, rules: OutputRules = {}): void {
  checkOutputFile(path, rules);
  if (whatIsAt(path) !== null) {
    renameSync(made, path);
    return;
  }
  try {
    linkSync(made, path);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === 'EEXIST') throw existsAlready(path);
    if (!NO_HARD_LINKS.includes(code)) throw thrown;
    // A placeholder of our own is what is replaced then.
    closeSync(openSync(path, 'wx'));
    renameSync(made, path);
    return;
  }
  rmSync(made, { force: true });
}

/**
 * Gives a finished folder its name. A former one that may be replaced is moved out of the way first and removed last.
 *
 * @param names as for {@link checkOutputFolder}
 * @throws WorkbenchError as {@link checkOutputFolder}; the system's error. `made` is then still there
 */
export function giveFolderName(
  made: string,
  path: string,
  names: readonly string[],
  rules: OutputRules = {},
): void {
  checkOutputFolder(path, names, rules);
  const former = whatIsAt(path) === null ? null : temporaryName(path, 'old');
  if (former !== null) renameSync(path, former);
  try {
    // Refused by the system where anything but an empty folder has appeared there.
    renameSync(made, path);
  } catch (thrown) {
    if (former !== null) renameSync(former, path);
    throw thrown;
  }
  if (former !== null) rmSync(former, { recursive: true });
}

/** What file systems without hard links answer. */
const NO_HARD_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

const codeOf = (thrown: unknown): string => String((thrown as { code?: unknown } | null)?.code);

function refuseSource(path: string, rules: OutputRules): void {
  if (!isSource(path, rules)) return;
  throw new WorkbenchError('usage', `${path} is the input and cannot be replaced by its own result.`, {
    file: path,
  });
}

function existsAlready(path: string): WorkbenchError {
  return refused(path, `${path} already exists: give another name, or --force to replace it.`);
}

function refused(path: string, message: string): WorkbenchError {
  return new WorkbenchError('write-failed', message, { file: path });
}

/** What something that is no regular file is called. */
export function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'a symbolic link';
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}
