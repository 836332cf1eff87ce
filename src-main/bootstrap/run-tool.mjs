/** The tools of node_modules, on the project's own Node. */
import { inRoot, projectNode, root } from './paths.mjs';
import { runCommand } from './run-command.mjs';

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
  const all = { ...process.env, ...env };
  return runCommand(projectNode, [inRoot('node_modules', script), ...args], { cwd: root, env: all, stdio });
}
