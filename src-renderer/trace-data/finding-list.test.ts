import { describe, expect, it } from 'vitest';
import type { Finding, Severity } from '#shared/model/findings.ts';
import { costliest, findingRows, lanesOfFinding } from './finding-list.ts';

const finding = (ordinal: number, severity: Severity, more: Partial<Finding> = {}): Finding => ({
  id: 'late-run',
  ordinal,
  severity,
  summary: `worker ${ordinal} ran late.`,
  costNs: 0,
  spinNs: 0,
  longestNs: 0,
  startNs: 0,
  endNs: 1,
  subjects: [],
  evidence: [],
  advice: '',
  confidence: 1,
  doubt: null,
  group: ordinal,
  ...more,
});
const titleOf = (id: string): string => ({ 'late-run': 'Late run', 'lock-convoy': 'Lock convoy' })[id] ?? id;
const ALL = { least: 'info', text: '', order: 'severity' } as const;
const ordinals = (rows: ReturnType<typeof findingRows>): string[] =>
  rows.map(({ finding, isMember }) => (isMember ? '- ' : '') + finding.ordinal);

describe('findingRows', () => {
  const found = [
    finding(1, 'high', { costNs: 50, startNs: 300 }),
    finding(2, 'high', { costNs: 40, startNs: 100, id: 'lock-convoy', group: 3 }),
    finding(3, 'medium', { costNs: 60, startNs: 200 }),
    finding(4, 'low', { costNs: 10, startNs: 0, group: 1 }),
  ];

  it('puts those with the same cause under the first of them, in every order', () => {
    expect(ordinals(findingRows(found, ALL, titleOf))).toEqual(['1', '- 4', '2', '- 3']);
    expect(ordinals(findingRows(found, { ...ALL, order: 'cost' }, titleOf))).toEqual([
      '3',
      '- 2',
      '1',
      '- 4',
    ]);
    expect(ordinals(findingRows(found, { ...ALL, order: 'time' }, titleOf))).toEqual([
      '4',
      '- 1',
      '2',
      '- 3',
    ]);
  });

  it('leaves out what is less severe; one stands alone where those with the same cause are left out', () => {
    expect(ordinals(findingRows(found, { ...ALL, least: 'high' }, titleOf))).toEqual(['1', '2']);
    expect(ordinals(findingRows(found, { ...ALL, least: 'medium' }, titleOf))).toEqual(['1', '2', '- 3']);
  });

  it('finds words of title, sentence and subjects in any order and case', () => {
    expect(ordinals(findingRows(found, { ...ALL, text: ' CONVOY  worker ' }, titleOf))).toEqual(['2']);
    expect(findingRows(found, { ...ALL, text: 'convoy elsewhere' }, titleOf)).toEqual([]);
  });
});

it('lists the lanes of a finding as cause, object, victims, and no process', () => {
  const subject = (kind: 'lwp' | 'sync' | 'process', id: number, role: 'cause' | 'victim' | 'object') => ({
    kind,
    id,
    role,
    name: '',
  });
  const about = finding(1, 'high', {
    subjects: [
      subject('lwp', 5, 'victim'),
      subject('lwp', 6, 'victim'),
      subject('sync', 1, 'object'),
      subject('process', 1, 'cause'),
      subject('lwp', 4, 'cause'),
    ],
  });
  expect(lanesOfFinding(about, 3).map(({ id }) => id)).toEqual([4, 1, 5]);
});

it('takes the costliest, not what saved time', () => {
  const found = [
    finding(1, 'high', { costNs: 5 }),
    finding(2, 'low', { costNs: 9 }),
    finding(3, 'info', { costNs: -9 }),
  ];
  expect(costliest(found, 5).map(({ ordinal }) => ordinal)).toEqual([2, 1]);
});
