import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NONCE_PLACEHOLDER } from './content-security-policy.ts';
import { openRendererBundle } from './renderer-bundle.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bundle-'));
  await mkdir(join(dir, 'window/assets'), { recursive: true });
  await writeFile(join(dir, 'secret.txt'), 'secret');
  await writeFile(join(dir, 'window/index.html'), `<style nonce="${NONCE_PLACEHOLDER}"></style>`);
  await writeFile(join(dir, 'window/assets/index-1234.js'), '1');
  await symlink('../secret.txt', join(dir, 'window/link.txt'));
});
afterEach(() => rm(dir, { recursive: true }));

test('a page gets a fresh nonce, in its text and in its policy', async () => {
  const bundle = await openRendererBundle(join(dir, 'window'));
  const nonces = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const page = bundle.read('/', [])!;
    const nonce = /nonce="([^"]+)"/.exec(page.body.toString())![1]!;
    expect(page.headers['Content-Security-Policy']).toContain(`'nonce-${nonce}'`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(2);
});

test('the policy allows neither inline nor evaluated code', async () => {
  const bundle = await openRendererBundle(join(dir, 'window'));
  const policy = bundle.read('/', ['ws://127.0.0.1:1'])!.headers['Content-Security-Policy']!;
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(policy).toContain("connect-src 'self' ws://127.0.0.1:1;");
});

test('a file has its type and length', async () => {
  const bundle = await openRendererBundle(join(dir, 'window'));
  expect(bundle.read('/assets/index-1234.js', [])!.headers).toMatchObject({
    'Content-Type': 'text/javascript; charset=utf-8',
    'Content-Length': '1',
    'X-Content-Type-Options': 'nosniff',
  });
});

test.each([
  '/assets',
  '/assets/',
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '//secret.txt',
  '/link.txt',
  '/assets\\..\\..\\secret.txt',
  '/index.html\0',
  '',
])('%j is no file of the bundle', async (pathname) => {
  const bundle = await openRendererBundle(join(dir, 'window'));
  expect(bundle.read(pathname, [])).toBeNull();
});

test('what is open stays as it was when the folder changes', async () => {
  const bundle = await openRendererBundle(join(dir, 'window'));
  await rm(join(dir, 'window'), { recursive: true });
  expect(bundle.read('/assets/index-1234.js', [])!.body.toString()).toBe('1');
});

test('a folder without a window says how to build one', async () => {
  await expect(openRendererBundle(join(dir, 'nothing'))).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/npm run build/) as string,
  });
});
