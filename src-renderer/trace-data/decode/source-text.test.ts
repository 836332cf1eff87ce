import { describe, expect, it } from 'vitest';
import { isEmulated, missingChartText, noSchedctlText } from './source-text.ts';

describe('texts about missing schedctl data', () => {
  it('say of an imported trace what its format does not record', () => {
    expect(noSchedctlText({ source: 'ftrace' }).text).toMatch(/^ftrace records switches and wake-ups/);
    expect(missingChartText({ source: 'ftrace' }, 'slots')).toBe(
      'This trace was imported from ftrace and carries no schedctl pages.',
    );
  });

  it('name no format before the import knows it', () => {
    expect(noSchedctlText({ source: 'import' }).text).toMatch(/^The source records switches/);
  });

  it('say of an emulated trace that nobody asked, never that it was imported', () => {
    for (const chart of ['slots', 'updates', 'decisions'] as const) {
      expect(missingChartText({ source: 'emulator' }, chart)).toMatch(/^No LWP of this scenario called/);
    }
    const { title, text } = noSchedctlText({ source: 'emulator' });
    expect(`${title} ${text}`).not.toMatch(/import|emulator|data/);
    expect(isEmulated({ source: 'emulator' })).toBe(true);
  });
});
