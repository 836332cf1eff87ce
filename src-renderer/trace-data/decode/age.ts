/** How long ago something happened. */
import { formatDuration } from '../format-time.ts';

/** "3.41 ms ago"; "now" for what happened at the cursor itself. */
export function ageText(ageNs: number): string {
  return ageNs <= 0 ? 'now' : `${formatDuration(ageNs)} ago`;
}
