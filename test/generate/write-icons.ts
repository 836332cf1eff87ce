/**
 * Draws the icon (src-main/hosts/electron/packaging/icon.svg) in all sizes that packages want, into icons/ beside it:
 * PNG for Linux, ICO for Windows, ICNS for macOS. With the browser of the end-to-end tests, since nothing else here
 * draws SVG: npm run icons
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { browserSwitches, findBrowser } from '../../src-main/bootstrap/find-browser.mjs';

const PNG_SIZES = [16, 32, 48, 64, 128, 256, 512, 1024];
const ICO_SIZES = [16, 32, 48, 64, 128, 256];
/** Types of the ICNS format by size in pixels; all hold PNG. */
const ICNS_TYPES = {
  16: 'icp4',
  32: 'icp5',
  64: 'icp6',
  128: 'ic07',
  256: 'ic08',
  512: 'ic09',
  1024: 'ic10',
};

const packaging = join(import.meta.dirname, '../../src-main/hosts/electron/packaging');
const svg = readFileSync(join(packaging, 'icon.svg'), 'utf8');
const folder = join(packaging, 'icons');
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: findBrowser() ?? undefined,
  args: browserSwitches(),
});
const pngs = new Map<number, Buffer>();
for (const size of PNG_SIZES) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const style = 'html,body{margin:0;background:transparent}svg{display:block;width:100vw;height:100vh}';
  await page.setContent(`<style>${style}</style>${svg}`);
  const png = await page.screenshot({ omitBackground: true });
  pngs.set(size, png);
  writeFileSync(join(folder, `${size}x${size}.png`), png);
  await page.close();
}
await browser.close();
writeFileSync(join(folder, 'icon.ico'), ico(ICO_SIZES));
writeFileSync(join(folder, 'icon.icns'), icns());

/** ICONDIR, an ICONDIRENTRY for each image, the images. */
function ico(sizes: readonly number[]): Buffer {
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  sizes.forEach((size, index) => {
    const at = 6 + 16 * index;
    const { length } = pngs.get(size)!;
    // 256 is written as 0.
    header.writeUInt8(size & 0xff, at);
    header.writeUInt8(size & 0xff, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += length;
  });
  return Buffer.concat([header, ...sizes.map((size) => pngs.get(size)!)]);
}

/** Chunks of a type, a big-endian length that counts its own header, and a PNG. */
function icns(): Buffer {
  const chunk = (type: string, content: Buffer): Buffer => {
    const header = Buffer.alloc(8);
    header.write(type, 'latin1');
    header.writeUInt32BE(content.length + header.length, 4);
    return Buffer.concat([header, content]);
  };
  const images = Object.entries(ICNS_TYPES).map(([size, type]) => chunk(type, pngs.get(Number(size))!));
  return chunk('icns', Buffer.concat(images));
}
