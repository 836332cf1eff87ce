/** The tools of node_modules, on the project's own Node. */
import { cacheDir, inRoot, projectNode, root } from './paths.mjs';
import { runCommand } from './run-command.mjs';

/**
 * Where Node keeps compiled modules, for tools and for the programs and threads that tests start from the sources: with
 * it, a command line of ours starts in less than half the CPU time. A file that changes takes the place of what it was.
 */
const COMPILED = `${cacheDir}/compiled`;

/**
 * Runs a tool, its output shown unless `stdio` says otherwise.
 *
 * @param {string} script within node_modules
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] added to this process's own
 * @param {import('node:child_process').StdioOptions} [stdio]
 * @returns {Promise<number>} exit code
 */
export function runTool(script, args, env = {}, stdio = 'inherit') {
  const all = { NODE_COMPILE_CACHE: COMPILED, ...process.env, ...env };
  return runCommand(projectNode, [inRoot('node_modules', script), ...args], { cwd: root, env: all, stdio });
}
