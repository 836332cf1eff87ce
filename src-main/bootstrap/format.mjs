/** `npm run format [-- FILES]`: writes files, or all of them, as prettier would have them. */
import { ensureInstalled } from './install.mjs';
import { runTool } from './run-tool.mjs';
import { runProgram } from './setup-failure.mjs';

/** @param {string} line */
const say = (line) => void process.stderr.write(`${line}\n`);

/** @param {readonly string[]} args */
export const main = (args) =>
  runProgram(async () => {
    await ensureInstalled(say);
    const files = args.length === 0 ? ['.'] : args;
    return runTool('prettier/bin/prettier.cjs', [
      '--write',
      '--ignore-unknown',
      '--log-level',
      'warn',
      ...files,
    ]);
  });
