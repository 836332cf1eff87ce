/** Gives the reader a file: the browser's download, which Electron's windows have, too. */

/** @param name with its extension; what a file name cannot hold everywhere becomes a dash */
export function saveText(name: string, text: string, type: string): void {
  saveBlob(name, new Blob([text], { type }));
}

/** As {@link saveText}, for bytes. */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replaceAll(/[\\/:*?"<>|]+/g, '-');
  link.click();
  // Not before the download has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
