import type { SourceMeta } from '../format/meta.ts';

/** Where synthetic traces say that they come from. */
export const TEST_SOURCE: SourceMeta = {
  source: 'emulator',
  sourceDetail: 'synthetic, seed 1',
  tickNs: 10_000_000,
  clock: 'virtual',
  scenario: null,
};
