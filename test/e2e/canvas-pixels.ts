/** What is drawn, as a person would see it: canvases and the whole page, pixel by pixel. */
import type { Locator, Page } from '@playwright/test';

/** What a canvas shows, as a short text that differs when a pixel differs. */
export async function picture(canvas: Locator): Promise<string> {
  return canvas.evaluate(async (element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    const digest = await crypto.subtle.digest('SHA-256', data);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}

/** A part of a canvas, in CSS pixels from its left upper corner. */
export interface Part {
  readonly top: number;
  readonly height: number;
  readonly left?: number;
  readonly width?: number;
}

/** How many pixels of a canvas, or of a part of it, have the colour of a token, within what smoothing does to edges. */
export async function pixelsOf(canvas: Locator, token: string, part?: Part): Promise<number> {
  return canvas.evaluate(
    (element, { name, within }) => {
      const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim().slice(1);
      // The build shortens #ffffff to #fff.
      const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
      const wanted = [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16));
      const { width, height } = element as HTMLCanvasElement;
      const scale = height / element.clientHeight;
      const left = Math.round((within?.left ?? 0) * scale);
      const top = Math.round((within?.top ?? 0) * scale);
      const rows = Math.round((within?.height ?? element.clientHeight) * scale);
      const columns = within?.width === undefined ? width - left : Math.round(within.width * scale);
      const { data } = (element as HTMLCanvasElement)
        .getContext('2d')!
        .getImageData(left, top, columns, rows);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (wanted.every((value, channel) => Math.abs(data[i + channel]! - value) < 3)) count++;
      }
      return count;
    },
    { name: token, within: part },
  );
}

/** What part of an area of the page is not of the colour of a token: 0 where it is all of that colour. */
export async function inkedPart(
  page: Page,
  clip: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  ground: string,
): Promise<number> {
  const png = (await page.screenshot({ clip })).toString('base64');
  return page.evaluate(
    async ({ url, name }) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const g = canvas.getContext('2d')!;
      g.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
      g.fillRect(0, 0, 1, 1);
      const [r, green, b] = g.getImageData(0, 0, 1, 1).data;
      g.drawImage(image, 0, 0);
      const { data } = g.getImageData(0, 0, image.width, image.height);
      let inked = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] !== r || data[i + 1] !== green || data[i + 2] !== b) inked++;
      }
      return inked / (image.width * image.height);
    },
    { url: `data:image/png;base64,${png}`, name: ground },
  );
}
