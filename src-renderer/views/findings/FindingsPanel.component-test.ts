import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { ref } from 'vue';
import type { Finding, FindingKind, Severity } from '#shared/model/findings.ts';
import { mount } from '../../testing/mount.ts';
import { findingRows } from '../../trace-data/finding-list.ts';
import FindingsPanel from './FindingsPanel.vue';

const finding = (ordinal: number, severity: Severity, group = ordinal): Finding => ({
  id: 'late-run',
  ordinal,
  severity,
  summary: `worker ${ordinal} ran late.`,
  costNs: 1e6 / ordinal,
  spinNs: 0,
  longestNs: 0,
  startNs: ordinal * 1e6,
  endNs: ordinal * 1e6 + 5e5,
  subjects: [{ kind: 'lwp', id: ordinal, name: '', role: 'victim' }],
  evidence: [],
  advice: '',
  confidence: 1,
  doubt: null,
  group,
});
const kind = (id: string, title: string): FindingKind => ({
  id,
  title,
  definition: '',
  cost: '',
  source: '',
  thresholds: [],
});
const KINDS = new Map([
  ['late-run', kind('late-run', 'Late run')],
  ['deadlock', kind('deadlock', 'Deadlock')],
]);

function open(findings: readonly Finding[], props: Record<string, unknown> = {}) {
  document.querySelector('#bottom-controls')?.remove();
  const controls = document.body.appendChild(document.createElement('div'));
  controls.id = 'bottom-controls';
  const current = ref<number | null>(null);
  const least = ref<Severity>('info');
  const go = vi.fn((gone: Finding) => (current.value = gone.ordinal));
  const host = mount(FindingsPanel, () => ({
    rows: findingRows(findings, { least: least.value, text: '', order: 'severity' }, () => 'Late run'),
    count: findings.length,
    current: current.value,
    state: 'read',
    isCurrentVersion: true,
    notObservable: [],
    kinds: KINDS,
    names: { lwp: (id: number) => `worker ${id}` },
    density: 'compact',
    least: least.value,
    text: '',
    order: 'severity',
    'onUpdate:least': (severity: Severity) => (least.value = severity),
    onGo: go,
    ...props,
  }));
  host.style.height = '200px';
  return { go, rows: page.getByRole('rowgroup') };
}

test('arrow keys walk the findings, and each is announced', async () => {
  const { go, rows } = open([finding(1, 'high'), finding(2, 'low')]);
  (rows.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  expect(go.mock.calls.map(([{ ordinal }]) => ordinal)).toEqual([1, 2]);
  await expect.element(page.getByText('Late run, low, 2 of 2: worker 2 ran late.')).toBeInTheDocument();
  // Not beyond the last one.
  await userEvent.keyboard('{ArrowDown}');
  expect(go.mock.lastCall![0].ordinal).toBe(2);
});

test('holds no more rows in the document than are in sight, whatever their number', async () => {
  open(Array.from({ length: 5_000 }, (_, at) => finding(at + 1, 'low')));
  await expect.element(page.getByText('worker 1 ran late.')).toBeInTheDocument();
  expect(document.querySelectorAll('.sheet .row').length).toBeLessThan(60);
});

test('leaves out what is less severe, and says where nothing is left', async () => {
  open([finding(1, 'low')]);
  await userEvent.selectOptions(page.getByLabelText('Filter by severity'), 'High only');
  await expect.element(page.getByText('No findings match the filter.')).toBeInTheDocument();
});

test('where nothing was found it says what was looked for, and what the trace cannot answer', async () => {
  open([], { notObservable: [{ id: 'deadlock', because: 'the trace has no lock waits' }] });
  await expect.element(page.getByText('Nothing found. Looked for: late run.')).toBeInTheDocument();
  await expect.element(page.getByText('the trace has no lock waits')).toBeInTheDocument();
});
