import { expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ screen: {} }));
const { isVisible } = await import('./window-state.ts');

const displays = [
  { x: 0, y: 0, width: 1920, height: 1080 },
  { x: 1920, y: 0, width: 2560, height: 1440 },
];
const size = { width: 1440, height: 900 };

it.each([
  [0, 0],
  [-1300, 100],
  [3000, 500],
])('a window at %d, %d can be found', (x, y) => expect(isVisible({ x, y, ...size }, displays)).toBe(true));

it.each([
  [5000, 0],
  [-1400, 0],
  [100, -500],
  [100, 1400],
])('a window at %d, %d cannot, and gets a place anew', (x, y) =>
  expect(isVisible({ x, y, ...size }, displays)).toBe(false),
);
