/** Where the window was: kept for the next start, next to the settings. */
import { join } from 'node:path';
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import { z } from 'zod';
import { JsonFile } from '#main/workbench/files/json-file.ts';

const coordinate = z.int().min(-100_000).max(100_000);
const stateSchema = z.object({
  bounds: z.object({ x: coordinate, y: coordinate, width: coordinate, height: coordinate }).nullable(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof stateSchema>;

const INITIAL: WindowState = { bounds: null, maximized: false };
/** Of a window's top edge, so that it can be taken hold of, in px. */
const LEAST_VISIBLE = 100;

/** Whether a window with these bounds would be visible: displays come and go between two starts. */
export function isVisible(bounds: Rectangle, displays: readonly Rectangle[]): boolean {
  return displays.some((display) => {
    const left = Math.max(bounds.x, display.x);
    const right = Math.min(bounds.x + bounds.width, display.x + display.width);
    const isTopInside = bounds.y >= display.y && bounds.y < display.y + display.height - LEAST_VISIBLE;
    return isTopInside && right - left >= LEAST_VISIBLE;
  });
}

export class WindowStates {
  private readonly file: JsonFile<WindowState>;

  constructor(configFolder: string) {
    this.file = new JsonFile(join(configFolder, 'window.json'), stateSchema, INITIAL);
  }

  /** Of the last window that was closed; without bounds where no display shows them. A broken file counts as none. */
  async read(): Promise<WindowState> {
    const state = await this.file.read().catch(() => INITIAL);
    const displays = screen.getAllDisplays().map(({ workArea }) => workArea);
    return state.bounds !== null && isVisible(state.bounds, displays) ? state : { ...state, bounds: null };
  }

  /** A failure to save it is not worth a message. */
  keep(window: BrowserWindow): void {
    const { x, y, width, height } = window.getNormalBounds();
    this.file
      .write({ bounds: { x, y, width, height }, maximized: window.isMaximized() })
      .catch(() => undefined);
  }
}
