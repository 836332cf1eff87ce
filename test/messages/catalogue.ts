/** All texts of the window and of the command line, from the sources of the program. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeMessages } from './code-messages.ts';
import type { Message } from './message.ts';
import { templateMessages } from './template-messages.ts';

const ROOT = join(import.meta.dirname, '../..');

const SOURCES = ['src-renderer/**/*.{ts,vue}', 'src-shared/**/*.{ts,mjs}', 'src-main/**/*.{ts,mjs,cjs}'];

/** Files whose strings no person reads: declarations, tests, and the code that stands in tests' place. */
const isLeftOut = (file: string): boolean => /\.d\.ts$|[.-]test\.ts$|\/testing\//.test(file);

/**
 * Texts in the order of files and lines.
 * @param under only those of files below one of these paths; all for none
 */
export function messageCatalogue(under: readonly string[] = []): Message[] {
  const files = globSync(SOURCES, { cwd: ROOT })
    .filter((file) => !isLeftOut(file) && (under.length === 0 || under.some((path) => file.startsWith(path))))
    .sort();
  return files.flatMap((file) => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    return file.endsWith('.vue') ? templateMessages(file, source) : codeMessages(file, source);
  });
}
