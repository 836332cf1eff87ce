import { describe, expect, it } from 'vitest';
import { cssOf, mixPacked, pack, parseHex } from './theme-colours.ts';

describe('parseHex', () => {
  it('reads what tokens are written in, also as the build shortens it', () => {
    expect(parseHex(' #4D94F2')).toEqual({ r: 0x4d, g: 0x94, b: 0xf2, a: 1 });
    expect(parseHex('#fff')).toEqual({ r: 255, g: 255, b: 255, a: 1 });
    expect(parseHex('#9A8CFF80').a).toBeCloseTo(0.5, 2);
    expect(parseHex('#000c').a).toBeCloseTo(0.8, 2);
  });

  it('refuses anything else', () => {
    expect(() => parseHex('red')).toThrow('"red" is not a colour');
    expect(() => parseHex('')).toThrow();
  });
});

describe('packed colours', () => {
  it('hold red in the lowest byte, as an ImageData pixel does', () => {
    const pixel = new Uint8ClampedArray(Uint32Array.of(pack({ r: 1, g: 2, b: 3 })).buffer);
    expect([...pixel]).toEqual([1, 2, 3, 255]);
  });

  it('mix by share', () => {
    const black = pack({ r: 0, g: 0, b: 0 });
    const white = pack({ r: 255, g: 255, b: 255 });
    expect(mixPacked(black, white, 0)).toBe(black);
    expect(mixPacked(black, white, 1)).toBe(white);
    expect(cssOf(mixPacked(black, white, 0.2))).toBe('rgb(51 51 51)');
  });
});
