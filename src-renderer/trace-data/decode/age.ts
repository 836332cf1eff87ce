/** How long ago something happened. */
import type { Ns } from '#shared/base/brands.ts';
import { formatDuration } from '../format-time.ts';

/** "3.41 ms ago"; "now" for what happened at the cursor itself. */
export function ageText(ageNs: Ns): string {
  return ageNs <= 0 ? 'now' : `${formatDuration(ageNs)} ago`;
}
