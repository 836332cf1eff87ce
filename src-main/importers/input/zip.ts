/** The one file in a zip archive, as a stream. */
import { once } from 'node:events';
import { closeSync, fstatSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import { WorkbenchError } from '#shared/base/errors.ts';
import { checkIdentity, type FileIdentities } from '../../files/file-identity.ts';
import { openRegularSync } from '../../files/open-regular.ts';

/** Entries looked at; a larger archive is no trace. */
const MAX_ENTRIES = 1000;
const NAMES_SHOWN = 5;

export const isZip = (start: Buffer): boolean => start.toString('latin1', 0, 4) === 'PK\x03\x04';

export interface ZippedFile {
  readonly stream: Readable;
  close(): void;
}

/**
 * @param identities which file the name has to lead to
 * @throws WorkbenchError 'unreadable' where the archive is damaged, encrypted, or has not exactly one file
 */
export async function openZip(path: string, identities?: FileIdentities): Promise<ZippedFile> {
  const { fromFd } = await import('yauzl');
  const refuse = (what: string, cause?: unknown): WorkbenchError =>
    new WorkbenchError('unreadable', `${basename(path)} is a zip archive ${what}`, { file: path }, { cause });
  const { descriptor } = openRegularSync(path);
  let archive: ZipFile;
  try {
    checkIdentity(path, fstatSync(descriptor), identities);
    archive = await new Promise<ZipFile>((resolve, reject) => {
      fromFd(descriptor, { lazyEntries: true, autoClose: false }, (error, opened) =>
        error ? reject(error) : resolve(opened),
      );
    });
  } catch (thrown) {
    closeSync(descriptor);
    if (thrown instanceof WorkbenchError) throw thrown;
    throw refuse(`that cannot be read (${reasonOf(thrown)}): copy it again from its source.`, thrown);
  }
  try {
    if (archive.entryCount > MAX_ENTRIES) {
      throw refuse(
        `with ${archive.entryCount.toLocaleString('en')} entries: unpack it, and import the trace, or those of one run together.`,
      );
    }
    const files = await entriesOf(archive);
    const [file] = files;
    if (file === undefined) throw refuse('without a file in it: there is nothing to import.');
    if (files.length > 1) {
      const names = files.slice(0, NAMES_SHOWN).map(({ fileName }) => fileName);
      const more = files.length > NAMES_SHOWN ? ', …' : '';
      throw refuse(
        `with ${files.length} files (${names.join(', ')}${more}): unpack it, and import the trace, or those of one run together.`,
      );
    }
    if (file.isEncrypted()) throw refuse('with a password: unpack it first.');
    const stream = await new Promise<Readable>((resolve, reject) => {
      archive.openReadStream(file, (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    return { stream, close: () => archive.close() };
  } catch (thrown) {
    archive.close();
    throw thrown instanceof WorkbenchError
      ? thrown
      : refuse(`that cannot be unpacked here (${reasonOf(thrown)}): unpack it first.`, thrown);
  }
}

/** The files of an archive, without folders and what macOS adds. */
async function entriesOf(archive: ZipFile): Promise<Entry[]> {
  const files: Entry[] = [];
  archive.on('entry', (entry: Entry) => {
    if (!entry.fileName.endsWith('/') && !entry.fileName.startsWith('__MACOSX/')) files.push(entry);
    archive.readEntry();
  });
  const end = once(archive, 'end');
  archive.readEntry();
  await end;
  return files;
}

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
