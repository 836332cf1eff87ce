/** Where the built window and its preload are. */
import { join } from 'node:path';
import { programFolder } from '#main/workbench/program.ts';

/** Folder of index.html and its assets. */
export const rendererDir = (): string => join(programFolder(), 'dist', 'renderer');

/** Electron's preload script, as a sandboxed window needs it: one CommonJS file. */
export const preloadFile = (): string => join(programFolder(), 'dist', 'preload', 'preload.cjs');
