/** The bytes of a file, a pipe, or what this process was started with (`-`, `/dev/stdin`, `/dev/fd/63`). */
import { constants, createReadStream, fstatSync, open as openWithCallback, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { WorkbenchError } from '#shared/base/errors.ts';
import { checkIdentity, type FileIdentities } from '../../files/file-identity.ts';

const openDescriptor = promisify(openWithCallback);
const CHUNK_BYTES = 1 << 18;
const INHERITED = /^\/(?:dev|proc\/self)\/fd\/(\d{1,6})$/;
const STDIN = new Set(['-', '/dev/stdin']);

export interface ByteStream {
  readonly stream: Readable;
  /** Size in bytes, 0 where it is not known before the end. */
  readonly size: number;
  /** Whether it is an ordinary file, which can be read again and at any place. */
  readonly isFile: boolean;
}

/** Whether a path names something that can be read only once, so that nobody may look into it beforehand. */
export async function isReadOnce(path: string): Promise<boolean> {
  if (inheritedDescriptor(path) !== null) return true;
  try {
    const found = await stat(path);
    return !found.isFile() && !found.isDirectory();
  } catch {
    return false;
  }
}

/**
 * @param identities which file the name has to lead to
 * @throws what the system says, WorkbenchError for a folder, a device (it may have no end) and another file
 */
export async function openByteStream(path: string, identities?: FileIdentities): Promise<ByteStream> {
  const inherited = inheritedDescriptor(path);
  if (inherited !== null) return fromDescriptor(inherited, fstatSync(inherited), path);
  const found = await stat(path);
  if (found.isDirectory()) {
    throw new WorkbenchError('unreadable', `${path} is a folder, not a trace file.`, { file: path });
  }
  checkIdentity(path, found, identities);
  if (found.isCharacterDevice() || found.isBlockDevice()) {
    throw new WorkbenchError('unreadable', `${path} is a device, not a file: name a file or a pipe.`, {
      file: path,
    });
  }
  if (found.isFile()) {
    // Opened here, so that what keeps it from being opened is told here.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      // By now the name may lead elsewhere: what counts is what is open.
      checkIdentity(path, await handle.stat(), identities);
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
    return {
      stream: handle.createReadStream({ highWaterMark: CHUNK_BYTES }),
      size: found.size,
      isFile: true,
    };
  }
  // A named pipe. The stream closes the descriptor.
  return fromDescriptor(await openDescriptor(path, 'r'), found, path);
}

function inheritedDescriptor(path: string): number | null {
  if (STDIN.has(path)) return 0;
  const match = INHERITED.exec(path);
  return match === null ? null : Number(match[1]);
}

function fromDescriptor(fd: number, found: Stats, path: string): ByteStream {
  if (found.isDirectory()) {
    throw new WorkbenchError('unreadable', `${path} is a folder, not a trace file.`, { file: path });
  }
  // Pipes are read as sockets are: waiting for one takes no thread, and it can be given up.
  const isPipe = found.isFIFO() || found.isSocket();
  const stream: Readable = isPipe
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream('', { fd, highWaterMark: CHUNK_BYTES });
  return { stream, size: found.isFile() ? found.size : 0, isFile: false };
}
