import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { createEchoService } from '../../../test/contract/echo-service.ts';

const dir = vi.hoisted(() => ({ path: '' }));
vi.mock('../app-paths.ts', () => ({ rendererDir: () => dir.path }));
dir.path = mkdtempSync(join(tmpdir(), 'run-loopback-'));
writeFileSync(join(dir.path, 'index.html'), '');
afterAll(() => rmSync(dir.path, { recursive: true }));
const { runLoopbackHost } = await import('./run-loopback-host.ts');

test('the address, which has the token in it, is given once: printed, or passed to a caller that shows it', async () => {
  const run = async (onListening?: (host: { readonly url: string }) => void): Promise<string[]> => {
    const printed: string[] = [];
    const service = createEchoService();
    const ended = runLoopbackHost({
      service,
      window: false,
      print: (line) => printed.push(line),
      ...(onListening === undefined ? {} : { onListening }),
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect.poll(() => process.listenerCount('SIGTERM')).toBeGreaterThan(0);
    process.emit('SIGTERM');
    await ended;
    return printed;
  };
  expect((await run()).filter((line) => line.includes('#token='))).toHaveLength(1);
  const urls: string[] = [];
  expect((await run(({ url }) => urls.push(url))).join()).not.toContain('token');
  expect(urls).toHaveLength(1);
});
