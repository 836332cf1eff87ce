/** Sends a file's bytes to the service, for hosts whose window cannot name a file on its machine. */
import { WorkbenchError } from '#shared/base/errors.ts';
import type { WorkbenchClient } from '#shared/api/contract.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * @param onProgress fraction sent, 0 to 1
 * @param signal ends it early
 * @returns path of the file on the machine of the service
 * @throws WorkbenchError 'cancelled'
 */
export async function uploadFile(
  client: WorkbenchClient,
  file: File,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const { uploadId } = await client.request('upload.begin', { name: file.name, bytes: file.size });
  for (let at = 0; at < file.size; at += CHUNK_BYTES) {
    if (signal.aborted) {
      await client.request('upload.cancel', { uploadId });
      throw new WorkbenchError('cancelled', `${file.name} was not sent.`);
    }
    const chunk = file.slice(at, at + CHUNK_BYTES);
    await client.request('upload.chunk', { uploadId, data: new Uint8Array(await chunk.arrayBuffer()) });
    onProgress(Math.min(1, (at + CHUNK_BYTES) / file.size));
  }
  return (await client.request('upload.end', { uploadId })).path;
}
