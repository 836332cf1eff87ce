/** A file that is generated from the sources, formatted as all files here are. */
import { format, resolveConfig } from 'prettier';

export interface GeneratedFile {
  readonly path: URL;
  readonly text: string;
}

/** `text` as it is to be at `path`. */
export async function formatted(path: URL, text: string): Promise<GeneratedFile> {
  return { path, text: await format(text, { ...(await resolveConfig(path)), filepath: path.pathname }) };
}
