/** The helper process of the service: it never outlives the process that started it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder, writeSynthetic } from '../../store/testing/temporary-folder.ts';

const file = temporaryFolder();

it.skipIf(process.platform === 'win32')(
  'ends with its service, in the middle of a statement that never ends',
  async () => {
    writeSynthetic(file('a.sctrace'), { events: 100 });
    const url = (path: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);
    const script = file('service.mjs');
    writeFileSync(
      script,
      `import { fork } from 'node:child_process';
       import { fileURLToPath } from 'node:url';
       import { forkHelper } from ${url('helper-process.ts')};
       const helper = forkHelper(fileURLToPath(${url('../sql-process.ts')}), [${JSON.stringify(file('a.sctrace'))}], 64);
       const sql = 'WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a) SELECT max(x) FROM a';
       let asked = false;
       helper.onMessage(() => { if (!asked) { asked = true; helper.send({ kind: 'run', queryId: 'b', sql, rowLimit: 1, pageRows: 1 }); setTimeout(() => console.log('ready'), 300); } });
       helper.send({ kind: 'run', queryId: 'a', sql: 'SELECT ' + process.pid, rowLimit: 1, pageRows: 1 });`,
    );
    const service = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(service.stdout, 'data');
    const helpers = await childrenOf(service.pid!);
    expect(helpers).toHaveLength(1);
    service.kill('SIGKILL');
    await expect.poll(() => isAlive(helpers[0]!), { timeout: 10_000 }).toBe(false);
  },
);

async function childrenOf(pid: number): Promise<number[]> {
  const ps = spawn('ps', ['-o', 'pid=', '--ppid', `${pid}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  ps.stdout.on('data', (chunk) => (text += String(chunk)));
  await once(ps, 'close');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(Number);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
