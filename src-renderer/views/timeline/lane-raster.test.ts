import { describe, expect, it } from 'vitest';
import { LANE_FLAG, type LaneColumns, type NopreemptWindowColumns } from '#shared/api/contract.ts';
import { WINDOW_END } from '#shared/model/enums.ts';
import { windowsByLwp } from '#renderer/trace-data/decision-index.ts';
import { lanesFromText, NS_PER_CHARACTER } from '#renderer/trace-data/testing/lanes-from-text.ts';
import type { BarColours } from './bar-colours.ts';
import { LaneRaster } from './lane-raster.ts';

/** Colours that are the letters they are printed as. */
const ink = (letter: string): number => letter.charCodeAt(0);
const colours = (run: string): BarColours => ({
  run: ink(run),
  spin: ink('S'),
  spinStripe: ink('|'),
  runnable: ink('r'),
  preempted: ink('P'),
  sleep: ink('-'),
  park: ink('p'),
  stop: ink('x'),
  hold: ink('H'),
  heldWaiting: ink('w'),
  heldBlocked: ink('b'),
  hatch: ink('/'),
  seam: ink(':'),
});
const BRIGHT = colours('R');
const DIM = colours('d');

/** A raster with a picture of `width` by `height`, one pixel for each character of a lane's text. */
function picture(width: number, height: number, fromCharacter = 0) {
  const pixels = new Uint32Array(width * height);
  const raster = new LaneRaster();
  raster.attach(pixels, width, height, 1);
  const startNs = fromCharacter * NS_PER_CHARACTER;
  raster.begin({ startNs, endNs: startNs + width * NS_PER_CHARACTER }, ink(' '), ink('.'), []);
  const lines = (): string[] =>
    Array.from({ length: height }, (_, y) =>
      String.fromCharCode(...pixels.subarray(y * width, (y + 1) * width)).trimEnd(),
    );
  return { raster, lines };
}

const lane = (columns: LaneColumns) => ({ window: { startNs: 0, endNs: 1e9, nsPerPx: 1 }, columns, lane: 0 });
const BOX = { top: 0, height: 8 };

describe('lwpBars', () => {
  it('says by height where a thread is: on a CPU, waiting for one, blocked', () => {
    const { raster, lines } = picture(16, 8);
    raster.lwpBars(lane(lanesFromText('HHRRrrrrPPPPssss')), BOX, BRIGHT);
    expect(lines()).toEqual([
      'HHRR    PP',
      'HHRR    PP',
      'RRRR    PP',
      'RRRR    PP',
      'RRRRrrrrPPPP----',
      'RRRRrrrrPPPP----',
      'RRRRrrrrPPPP',
      'RRRRrrrrPPPP',
    ]);
  });

  it('shows a run of no length on a pixel of its own', () => {
    const { raster, lines } = picture(8, 8);
    raster.lwpBars(lane(lanesFromText('ssssissss')), BOX, BRIGHT);
    expect(lines()[0]).toBe('    R');
    expect(lines()[4]).toBe('----R---');
  });

  it('stripes a spinning bar and dashes a parked one', () => {
    const { raster, lines } = picture(22, 8);
    raster.lwpBars(lane(lanesFromText('SSSSSSSSSSSSpppppppppp')), BOX, BRIGHT);
    expect(lines()[0]).toBe('SS|SSS|SSS|S');
    expect(lines()[4]).toBe('SS|SSS|SSS|Sppp  ppp');
  });

  it('stands a blocked thread between posts', () => {
    const { raster, lines } = picture(12, 8);
    raster.lwpBars(lane(lanesFromText('.bbbbbbbbbb.')), BOX, BRIGHT);
    expect(lines()[3]).toBe(' -        -');
    expect(lines()[4]).toBe(' ----------');
  });

  it('hatches over an emptied lane what nobody knows', () => {
    const { raster, lines } = picture(10, 8);
    raster.lwpBars(lane(lanesFromText('RR????????')), BOX, BRIGHT);
    expect(lines()[0]).toBe('RR   /');
    expect(lines()[1]).toBe('RR  /    /');
  });

  it('shows of several intervals under one pixel the longest', () => {
    const columns = lanesFromText('RPPPPR');
    const pixels = new Uint32Array(8);
    const raster = new LaneRaster();
    raster.attach(pixels, 1, 8, 1);
    // All six characters lie under the only pixel.
    raster.begin({ startNs: -300, endNs: 600 }, ink(' '), ink('.'), []);
    raster.lwpBars(lane(columns), BOX, BRIGHT);
    expect(pixels[7]).toBe(ink('P'));
  });

  it('draws only the part in view, with textures where they were', () => {
    const { raster, lines } = picture(4, 8, 2);
    raster.lwpBars(lane(lanesFromText('RRRRPPPPPP')), BOX, BRIGHT);
    expect(lines()[7]).toBe('RRPP');
  });
});

describe('cpuBars', () => {
  it('hatches where an import lost sight of the CPU: it need not have been idle', () => {
    const { raster, lines } = picture(16, 4);
    const lost = [{ startNs: 4 * NS_PER_CHARACTER, endNs: 10 * NS_PER_CHARACTER }];
    const columns = lanesFromText('RRRR......RR....');
    raster.cpuBars(lane(columns), { top: 0, height: 4 }, () => BRIGHT, ink('/'), lost);
    expect(lines()).toEqual(['RRRR /    RR', 'RRRR/    /RR', 'RRRR    / RR', 'RRRR   /  RR']);
  });

  const columns = { ...lanesFromText('RRRRRR|RRRRRR..SS'), lwp: Int32Array.of(7, 8, 7) };

  it('separates neighbours by a seam', () => {
    const { raster, lines } = picture(16, 8);
    raster.cpuBars(lane(columns), BOX, () => BRIGHT, ink('/'));
    expect(lines()[3]).toBe('RRRRRR:RRRRR  SS');
  });

  it('dims the runs of other threads while one is selected', () => {
    const { raster, lines } = picture(16, 8);
    raster.cpuBars(lane(columns), BOX, (lwp) => (lwp === 7 ? BRIGHT : DIM), ink('/'));
    expect(lines()[3]).toBe('RRRRRR:ddddd  SS');
  });
});

it('syncBars shows a solid bar while the holder is on a CPU and an outlined one while it is not', () => {
  const { raster, lines } = picture(8, 8);
  raster.syncBars(lane(lanesFromText('RRRRPPPP')), BOX, () => BRIGHT, ink('/'));
  expect(lines()[0]).toBe('RRRRPPPP');
  expect(lines()[1]).toBe('RRRRPwwP');
  expect(lines()[7]).toBe('RRRRPPPP');
});

it('brackets stand on feet, and a revoked one ends in its colour', () => {
  const windows: NopreemptWindowColumns = {
    lwp: Int32Array.of(1, 1),
    startNs: Float64Array.of(10, 100),
    endNs: Float64Array.of(80, 190),
    firstDeferredNs: Float64Array.of(-1, -1),
    yieldAskedNs: Float64Array.of(-1, -1),
    deferrals: new Int32Array(2),
    count: Int32Array.of(1, 1),
    end: Uint8Array.of(WINDOW_END.honoured, WINDOW_END.forced),
    startSequence: new Float64Array(2),
    endSequence: new Float64Array(2),
  };
  const { raster, lines } = picture(20, 3);
  raster.brackets(windowsByLwp(windows).get(1)!, { top: 0, height: 3 }, ink('w'), ink('X'));
  expect(lines()).toEqual([' w     w  w       X', ' w     w  w       X', ' wwwwwww  wwwwwwXXX']);
});

it('queueStripe grows with the queue and changes colour from three on', () => {
  const queue = {
    cpuOffset: Int32Array.of(0, 4),
    timeNs: Float64Array.of(0, 20, 40, 60),
    length: Int32Array.of(1, 2, 5, 0),
  };
  const { raster, lines } = picture(8, 3);
  raster.curves.queueStripe(queue, 0, { top: 0, height: 3 }, ink('q'), ink('Q'));
  expect(lines()).toEqual(['    QQ', '  qqQQ', 'qqqqQQ']);
});

it('waiterCurve is an area under a line, as high as the number of those who wait', () => {
  const waiters = {
    syncOffset: Int32Array.of(0, 4),
    timeNs: Float64Array.of(10, 30, 60, 80),
    waiters: Int32Array.of(1, 4, 2, 0),
  };
  const { raster, lines } = picture(9, 4);
  raster.curves.waiterCurve(waiters, 0, { top: 0, height: 4 }, 4, ink('L'), ink('a'));
  expect(lines()).toEqual(['   LLL', '   LaL', '   LaaLL', ' LLaaaaL']);
});

it('keeps the flag of a held lock apart from others', () => {
  const columns = lanesFromText('RRRR');
  columns.flags[0] = LANE_FLAG.merged;
  const { raster, lines } = picture(4, 8);
  raster.lwpBars(lane(columns), BOX, BRIGHT);
  expect(lines()[0]).toBe('RRRR');
});
