import { describe, expect, it } from 'vitest';
import type { Ns } from '#shared/base/brands.ts';
import { neighbourNote, noteMarks, noteSpan, startsOf } from './note-marks.ts';

const range = { startNs: 1000, endNs: 2000 };
const WIDTH = 1000;
const FLAG = 16;

const moment = (startNs: Ns) => ({ id: `at ${startNs}`, startNs, endNs: startNs });
const annotation = (startNs: Ns, endNs: Ns) => ({ id: `from ${startNs}`, startNs, endNs });

describe('noteMarks', () => {
  it('puts a flag where each note begins, with the room up to the next', () => {
    const marks = noteMarks([moment(1100), annotation(1300, 1400)], range, WIDTH, FLAG);
    expect(marks.map(({ px, roomPx }) => ({ px, roomPx }))).toEqual([
      { px: 100, roomPx: 200 - FLAG },
      { px: 300, roomPx: 700 - FLAG },
    ]);
  });

  it('makes one flag of those that would stand on each other', () => {
    const notes = [moment(1100), moment(1100), moment(1115), moment(1116)];
    const marks = noteMarks(notes, range, WIDTH, FLAG);
    expect(marks.map(({ px, notes: of }) => [px, of.length])).toEqual([
      [100, 3],
      [116, 1],
    ]);
  });

  it('leaves out what is not in view; a range that began before stands at the left edge', () => {
    const notes = [moment(900), annotation(900, 1200), moment(2100)];
    expect(noteMarks(notes, range, WIDTH, FLAG)).toEqual([
      { px: 0, notes: [notes[1]], roomPx: WIDTH - FLAG },
    ]);
  });
});

describe('noteSpan', () => {
  it('is the part of a range that is in view, and nothing for a moment', () => {
    expect(noteSpan(annotation(900, 1200), range, WIDTH)).toEqual({ left: 0, width: 200 });
    expect(noteSpan(annotation(1900, 2900), range, WIDTH)).toEqual({ left: 900, width: 100 });
    expect(noteSpan(moment(1500), range, WIDTH)).toBeNull();
    expect(noteSpan(annotation(2100, 2200), range, WIDTH)).toBeNull();
  });

  it('is never too thin to be seen', () => {
    expect(noteSpan({ startNs: 1500, endNs: 1500.1 }, range, WIDTH)?.width).toBe(1);
  });
});

it('flags stand apart where all of their starts are in view', () => {
  expect(startsOf([annotation(1100, 1900), moment(1200)])).toEqual({ startNs: 1100, endNs: 1200 });
});

describe('neighbourNote', () => {
  const notes = [moment(100), moment(200), { ...moment(200), id: 'second at 200' }, moment(300)];

  it('is the nearest before or after the cursor', () => {
    expect(neighbourNote(notes, 150, null, 'next')?.id).toBe('at 200');
    expect(neighbourNote(notes, 150, null, 'previous')?.id).toBe('at 100');
    expect(neighbourNote(notes, 300, null, 'next')).toBeUndefined();
    expect(neighbourNote(notes, 100, null, 'previous')).toBeUndefined();
  });

  it('goes through several at one moment', () => {
    expect(neighbourNote(notes, 200, 'at 200', 'next')?.id).toBe('second at 200');
    expect(neighbourNote(notes, 200, 'second at 200', 'next')?.id).toBe('at 300');
    expect(neighbourNote(notes, 200, 'second at 200', 'previous')?.id).toBe('at 200');
  });

  it('forgets the current note once the cursor has left it', () => {
    expect(neighbourNote(notes, 250, 'at 100', 'next')?.id).toBe('at 300');
  });
});
