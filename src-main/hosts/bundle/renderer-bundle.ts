/**
 * The built window as a closed set of files, held in memory (some 2 MB): what was there when it was opened can
 * be had by its exact path, anything else cannot, so there is nothing to escape from and no folder to list, and
 * a build under a running program does not mix two versions in one window.
 */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { contentSecurityPolicy, NONCE_PLACEHOLDER } from './content-security-policy.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
};

export interface BundleResponse {
  readonly body: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RendererBundle {
  /**
   * The file at `pathname` ("/" is the window itself) with all headers it needs, or null where the
   * bundle has no such file. `connectTo`: see {@link contentSecurityPolicy}.
   */
  read(pathname: string, connectTo: readonly string[]): BundleResponse | null;
}

/**
 * Opens the bundle in `dir`.
 * @throws {WorkbenchError} `not-found` where there is none.
 */
export async function openRendererBundle(dir: string): Promise<RendererBundle> {
  const files = new Map<string, Buffer<ArrayBuffer>>();
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue; // symbolic links neither
    const file = join(entry.parentPath, entry.name);
    files.set('/' + relative(dir, file).split(sep).join('/'), await readFile(file));
  }
  if (!files.has('/index.html')) {
    throw new WorkbenchError(
      'not-found',
      `The files of the window are missing from ${dir}. Build them: npm run build`,
      {
        file: dir,
      },
    );
  }
  return {
    read(pathname, connectTo) {
      const name = pathname === '/' ? '/index.html' : pathname;
      const file = files.get(name);
      if (file === undefined) return null;
      const nonce = randomBytes(16).toString('base64');
      const isPage = extname(name) === '.html';
      const body = isPage ? Buffer.from(file.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce)) : file;
      return {
        body,
        headers: {
          'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
          'Content-Length': String(body.byteLength),
          'Content-Security-Policy': contentSecurityPolicy({ nonce, connectTo }),
          'X-Content-Type-Options': 'nosniff',
          'Referrer-Policy': 'no-referrer',
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Resource-Policy': 'same-origin',
          // Names of assets carry a hash of their content; the page names them.
          'Cache-Control': isPage ? 'no-store' : 'private, max-age=31536000, immutable',
        },
      };
    },
  };
}
