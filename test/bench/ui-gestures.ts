/**
 * Gestures for the window's benchmark, run inside the page: one input event a frame, through the same
 * handlers as a person's, and the time of each frame.
 */

export type Gesture =
  'zoom' | 'pan-wide' | 'pan' | 'pan-close' | 'play' | 'play-follow' | 'hover' | 'scroll' | 'click';

/** Times in ms. */
export interface FrameTimes {
  /** From one frame to the next. */
  readonly intervals: number[];
  /** From the start of a frame until the main thread has painted it. */
  readonly work: number[];
}

interface Gestures {
  run(gesture: Gesture, frames: number): Promise<FrameTimes>;
  /** From now on notes for each key how long it takes until the next paint. */
  watchKeys(): void;
  keyDelays(): number[];
}

declare global {
  interface Window {
    gestures: Gestures;
  }
}

/** Put into the page before its own scripts, so it must not use anything from outside. */
export function installGestures(): void {
  const field = (): HTMLElement => document.querySelector('[data-testid=timeline-field]')!;
  /** Runs after the frame that is being made has been painted. */
  const afterPaint = (done: () => void): void => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(null);
  };

  const at = (x: number, y: number): { clientX: number; clientY: number } => {
    const { left, top, width, height } = field().getBoundingClientRect();
    return { clientX: left + x * width, clientY: top + y * height };
  };
  const wheel = (x: number, init: WheelEventInit): void => {
    field().dispatchEvent(
      new WheelEvent('wheel', { bubbles: true, cancelable: true, ...at(x, 0.5), ...init }),
    );
  };
  const zoom = (x: number, px: number): void => wheel(x, { ctrlKey: true, deltaY: px });
  const key = (name: string): void => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  };
  const pointer = (type: string, x: number, y: number, buttons = 0): void => {
    field().dispatchEvent(
      new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 1, buttons, ...at(x, y) }),
    );
  };

  /** Span in view, in ns, as the timeline tells screen readers. */
  function spanNs(): number {
    const label = document.querySelector('[role=application]')!.getAttribute('aria-label') ?? '';
    const match = /([\d.\u2009]+)\u00a0(s|ms|µs|ns) in view/.exec(label);
    if (match === null) throw new Error(`no span in "${label}"`);
    const unit = { s: 1e9, ms: 1e6, µs: 1e3, ns: 1 }[match[2] as 's' | 'ms' | 'µs' | 'ns'];
    return Number(match[1]!.replaceAll('\u2009', '')) * unit;
  }
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

  /** Zooms to `ns` in view before the measuring starts, and waits for the data. */
  async function goTo(ns: number): Promise<void> {
    for (let step = 0; step < 200 && spanNs() > ns; step++) {
      zoom(0.4, -60);
      await frame();
      await frame();
    }
    await new Promise((resolve) => setTimeout(resolve, 400));
  }

  const before: Partial<Record<Gesture, () => Promise<void>>> = {
    'pan-wide': () => goTo(1e9),
    pan: () => goTo(50e6),
    'pan-close': () => goTo(2e6),
    play: () => goTo(100e6),
    'play-follow': () => goTo(5e6),
    hover: () => goTo(20e6),
    scroll: () => goTo(20e6),
    click: () => goTo(5e6),
  };

  /** One input for frame `i` of `n`. */
  function input(gesture: Gesture, i: number, n: number): void {
    const back = i >= n / 2;
    switch (gesture) {
      case 'zoom':
        zoom(0.4, ((back ? 1 : -1) * 3.6e3 * 2) / n);
        return;
      case 'pan-wide':
      case 'pan':
      case 'pan-close':
        wheel(0.5, { deltaX: back ? -17 : 17 });
        return;
      case 'hover':
        pointer('pointermove', ((i * 7) % 1000) / 1000, 0.15 + (0.8 * (i % 90)) / 90);
        return;
      case 'scroll':
        wheel(0.5, { deltaY: back ? -24 : 24 });
        return;
      case 'click':
        if (i % 10 !== 0) return;
        // Moving in between, as a person's hand does.
        pointer('pointermove', (i % 50) / 50, 0.3 + (i % 60) / 100);
        pointer('pointerdown', (i % 50) / 50, 0.3 + (i % 60) / 100, 1);
        pointer('pointerup', (i % 50) / 50, 0.3 + (i % 60) / 100);
        return;
      case 'play':
      case 'play-follow':
        if (i === 0 || i === n - 1) key(' ');
    }
  }

  async function run(gesture: Gesture, frames: number): Promise<FrameTimes> {
    await before[gesture]?.();
    const intervals: number[] = [];
    const work: number[] = [];
    let last = await frame();
    for (let i = 0; i < frames; i++) {
      const started = performance.now();
      input(gesture, i, frames);
      afterPaint(() => work.push(performance.now() - started));
      const now = await frame();
      intervals.push(now - last);
      last = now;
    }
    return { intervals, work };
  }

  const delays: number[] = [];
  function watchKeys(): void {
    window.addEventListener(
      'keydown',
      (event) => {
        requestAnimationFrame(() => afterPaint(() => delays.push(performance.now() - event.timeStamp)));
      },
      { capture: true },
    );
  }

  window.gestures = { run, watchKeys, keyDelays: () => delays };
}
