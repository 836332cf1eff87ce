/** Actions of findings. */
import type { CommandHandler } from '../commands.ts';
import { useFindings } from '../findings.ts';
import { useGoToFinding } from '../go-to-finding.ts';

export function findingCommands(): CommandHandler[] {
  const findings = useFindings();
  const { stepFinding } = useGoToFinding();
  const hasFindings = (): boolean => findings.rows.length > 0;
  return [
    { id: 'findings.next', run: () => stepFinding('next'), enabled: hasFindings },
    { id: 'findings.previous', run: () => stepFinding('previous'), enabled: hasFindings },
    {
      id: 'window.findingsSummary',
      run: () => (findings.showsSummary = !findings.showsSummary),
      enabled: () => findings.wereMade,
    },
  ];
}
