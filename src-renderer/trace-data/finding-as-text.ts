/** A finding as plain text, for an issue, a mail or a note. */
import type { Finding } from '#shared/model/findings.ts';
import { formatDuration, formatTime } from './format-time.ts';

/** @param title of its detector */
export function findingAsText(finding: Finding, title: string): string {
  const { severity, summary, costNs, spinNs, startNs, endNs, advice, doubt, evidence } = finding;
  const spinning = spinNs > 0 ? `, ${formatDuration(spinNs)} of it spinning` : '';
  return [
    `${title} (${severity})`,
    summary,
    `Cost: ${formatDuration(costNs)}${spinning}`,
    `From ${formatTime(startNs)} s to ${formatTime(endNs)} s`,
    ...(doubt === null ? [] : [`Doubt: ${doubt}`]),
    ...(advice === '' ? [] : [`Advice: ${advice}`]),
    ...evidence.map((each) => `- ${each.what}: ${formatTime(each.startNs)} s to ${formatTime(each.endNs)} s`),
  ].join('\n');
}
