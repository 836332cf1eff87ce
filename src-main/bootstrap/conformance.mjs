/** `npm run conformance -- DIR...`: runs conformance vectors from the sources; see test/conformance/run.ts. */
import { ensureInstalled } from './install.mjs';
import { inRoot, projectNode } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { runProgram } from './setup-failure.mjs';

/** @param {string} line */
const say = (line) => void process.stderr.write(`${line}\n`);

/** @param {readonly string[]} args */
export const main = (args) =>
  runProgram(async () => {
    await ensureInstalled(say);
    // Paths are the person's: npm has changed the folder.
    return runCommand(projectNode, [inRoot('test/conformance/run.ts'), ...args], {
      cwd: process.env.INIT_CWD ?? process.cwd(),
      stdio: 'inherit',
    });
  });
