/**
 * `npm run -s workbench -- ARGS`: the command line in a checkout. Installs and builds what is missing, and
 * says so on stderr only: stdout is the command's own.
 */
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { inRoot, projectNode } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { runProgram } from './setup-failure.mjs';
import { terminalText } from './terminal-text.mjs';

/** @param {string} line */
const say = (line) => void process.stderr.write(`${terminalText(line)}\n`);

/** @param {readonly string[]} args */
export const main = (args) =>
  runProgram(async () => {
    await ensureInstalled(say);
    await ensureBuilt(say);
    // Paths are the person's: npm has changed the folder, so the command gets back the first one.
    return runCommand(projectNode, [inRoot('dist/main/cli.js'), ...args], {
      cwd: process.env.INIT_CWD ?? process.cwd(),
      stdio: 'inherit',
    });
  });
