import type { FoundWhat } from '../trace-data/find.ts';
import type { IconName } from './icons.ts';

/** What stands before a place that was found. */
export const PLACE_ICONS: Readonly<Record<FoundWhat, IconName>> = {
  time: 'clock',
  lwp: 'thread',
  cpu: 'cpu',
  sync: 'lock',
  kind: 'event',
};
