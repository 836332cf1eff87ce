/** Where a thread's code is: its source when running from source, its bundle when built. */
export function threadUrl(name: string): URL {
  if (import.meta.url.endsWith('.ts')) return new URL(`./${name}.ts`, import.meta.url);
  // Bundles are in dist/main, what they share in dist/main/chunks.
  return new URL(import.meta.url.includes('/chunks/') ? `../${name}.js` : `./${name}.js`, import.meta.url);
}
