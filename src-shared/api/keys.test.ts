import { describe, expect, it } from 'vitest';
import { keyCaps, keyName } from './keys.ts';

const press = (
  key: string,
  modifiers: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });

describe('keyName', () => {
  it('names letters by their capital, with Shift apart', () => {
    expect(press('m')).toBe('M');
    expect(press('M', { shiftKey: true })).toBe('Shift+M');
    // Caps lock is not Shift.
    expect(press('M')).toBe('M');
  });

  it('takes characters as they are typed, whatever the layout needs for them', () => {
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('/', { shiftKey: true })).toBe('/');
    expect(press(']', { altKey: true })).toBe('Alt+]');
  });

  it('names the space bar and the arrows', () => {
    expect(press(' ')).toBe('Space');
    expect(press('ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft');
  });

  it('counts Command as Ctrl', () => {
    expect(press('p', { metaKey: true, shiftKey: true })).toBe('Ctrl+Shift+P');
  });
});

describe('keyCaps', () => {
  it('splits a name into the caps to press', () => {
    expect(keyCaps('Ctrl+Shift+P')).toEqual(['Ctrl', 'Shift', 'P']);
    expect(keyCaps('Shift+ArrowLeft')).toEqual(['Shift', '←']);
    expect(keyCaps('+')).toEqual(['+']);
    expect(keyCaps('Ctrl++')).toEqual(['Ctrl', '+']);
  });
});
