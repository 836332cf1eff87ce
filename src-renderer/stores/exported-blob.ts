/** A finished export as one file for the browser: a folder of files becomes a .zip of them. */
import { downloadZip } from 'client-zip';
import type { WorkbenchClient } from '#shared/api/contract.ts';

const PIECE_BYTES = 1 << 22;

/** Throws WorkbenchError where the export is gone. */
export async function exportedBlob(
  client: WorkbenchClient,
  jobId: string,
): Promise<{ readonly name: string; readonly blob: Blob }> {
  const { name, isFolder, files } = await client.request('export.files', { jobId });
  if (!isFolder) {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of piecesOf(client, jobId, 0)) pieces.push(piece);
    return { name, blob: new Blob(pieces) };
  }
  // Parquet is compressed already: the archive stores it as it is.
  const entries = files.map((file, at) => ({
    name: `${name}/${file.name}`,
    size: file.bytes,
    input: piecesOf(client, jobId, at),
  }));
  return { name: `${name}.zip`, blob: await downloadZip(entries).blob() };
}

async function* piecesOf(
  client: WorkbenchClient,
  jobId: string,
  file: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let offset = 0; ;) {
    const { data, totalBytes } = await client.request('export.read', {
      jobId,
      file,
      offset,
      bytes: PIECE_BYTES,
    });
    if (data.length > 0) yield data;
    offset += data.length;
    if (data.length === 0 || offset >= totalBytes) return;
  }
}
