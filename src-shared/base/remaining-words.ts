/** How long something takes still, in words. */

const MINUTE_S = 60;
const HOUR_S = 3600;

/** `about 12 s left`, ever rounder the longer it is; null where it is not known. */
export function remainingWords(remainingMs: number | null): string | null {
  if (remainingMs === null) return null;
  const seconds = remainingMs / 1000;
  if (seconds < 1) return 'nearly done';
  if (seconds < 20) return `about ${Math.round(seconds)} s left`;
  if (seconds < 57.5) return `about ${Math.round(seconds / 5) * 5} s left`;
  if (seconds < HOUR_S) return `about ${Math.round(seconds / MINUTE_S)} min left`;
  return `about ${(seconds / HOUR_S).toFixed(1)} h left`;
}
