import { expect, test } from 'vitest';
import { toolbarRoom } from './toolbar-room.ts';

test('at 200 % zoom of a usual screen, what can wait goes into the menu', () => {
  expect([640, 720, 960].map(toolbarRoom)).toEqual(['narrow', 'narrow', 'narrow']);
});

test('on a small screen every control is there, on a wide one with its name', () => {
  expect([1280, 1440].map(toolbarRoom)).toEqual(['usual', 'usual']);
  expect(toolbarRoom(1920)).toBe('wide');
});
