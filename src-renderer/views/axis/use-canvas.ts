/** A canvas that keeps the size of its box and is drawn when something it depends on changes. */
import { nextTick, onBeforeUnmount, onMounted, watch, type ShallowRef } from 'vue';
import { useSettings } from '../../stores/settings.ts';
import { FrameLoop } from './frame-loop.ts';
import { readThemeColours, type ThemeColours } from '../../theme/theme-colours.ts';

/**
 * @param draw gets a context scaled to CSS pixels and cleared, the size of the box, and the theme's colours
 * @returns a function that asks for a new picture with the next frame
 */
export function useCanvas(
  canvas: Readonly<ShallowRef<HTMLCanvasElement | null>>,
  draw: (g: CanvasRenderingContext2D, widthPx: number, heightPx: number, theme: ThemeColours) => void,
): () => void {
  const settings = useSettings();
  let theme: ThemeColours | null = null;
  let observer: ResizeObserver | null = null;

  function paint(): void {
    const element = canvas.value;
    const g = element?.getContext('2d');
    if (!element || !g || theme === null) return;
    const scale = window.devicePixelRatio;
    const { clientWidth, clientHeight } = element;
    const width = Math.round(clientWidth * scale);
    const height = Math.round(clientHeight * scale);
    // Setting the size clears the canvas, so only where it differs.
    if (element.width !== width) element.width = width;
    if (element.height !== height) element.height = height;
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.clearRect(0, 0, clientWidth, clientHeight);
    draw(g, clientWidth, clientHeight, theme);
  }

  const loop = new FrameLoop(paint);
  onMounted(() => {
    theme = readThemeColours(document.documentElement);
    observer = new ResizeObserver(paint);
    observer.observe(canvas.value!);
  });
  watch(
    () => settings.activeColours,
    async () => {
      await nextTick();
      theme = readThemeColours(document.documentElement);
      loop.invalidate();
    },
  );
  onBeforeUnmount(() => {
    observer?.disconnect();
    loop.stop();
  });
  return loop.invalidate;
}
