import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Finding } from '#shared/model/findings.ts';
import { mount } from '../../testing/mount.ts';
import FindingPage from './FindingPage.vue';
import { provideInspectorContext, type InspectorContext } from './inspector-context.ts';

const finding: Finding = {
  id: 'lock-convoy',
  ordinal: 1,
  severity: 'high',
  summary: 'backend 8 held proc_array.',
  costNs: 3e6,
  spinNs: 1e6,
  longestNs: 2e6,
  startNs: 1e6,
  endNs: 9e6,
  subjects: [
    { kind: 'lwp', id: 8, name: 'backend 8', role: 'cause' },
    { kind: 'sync', id: 1, name: 'proc_array', role: 'object' },
  ],
  evidence: [
    { what: 'the queue drains', startNs: 4e6, endNs: 6e6, lane: { kind: 'sync', id: 1 }, sequence: null },
    { what: 'gets the lock', startNs: 5e6, endNs: 5e6, lane: null, sequence: 77 },
  ],
  advice: 'Hold it for less time.',
  confidence: 1,
  doubt: null,
  group: 1,
};

const late: Finding = { ...finding, id: 'late-run', ordinal: 2 };

function open() {
  const [go, goToFinding] = [vi.fn(), vi.fn()];
  const [fit, selectRange, seekTime, seekRow] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
  const add = vi.fn().mockResolvedValue('note');
  const kind = {
    id: 'lock-convoy',
    title: 'Lock convoy',
    definition: 'A long hold made a queue.',
    cost: 'All waits in it.',
    source: 'Lock convoys, 1979',
    thresholds: [{ about: 'threads that wait at its peak', value: 3, unit: 'count' }],
  };
  const context = {
    findings: { kinds: new Map([['lock-convoy', kind]]), all: [finding, late], byOrdinal: () => finding },
    names: { table: { lwp: (id: number) => `backend ${id}`, sync: () => 'proc_array' } },
    pages: { go },
    goToFinding,
    cursor: { seekTime, seekRow },
    selection: { selectRange },
    viewport: {
      fit,
      within: (startNs: number, endNs: number) => (endNs > startNs ? { startNs, endNs } : null),
    },
    notes: { add },
    notices: { add: vi.fn(), fail: vi.fn() },
  } as unknown as InspectorContext;
  mount(FindingPage, { ordinal: 1 }, () => provideInspectorContext(context));
  return { go, goToFinding, fit, selectRange, seekTime, seekRow, add };
}

test('leads from what the finding is about to its pages', async () => {
  const { go } = open();
  await userEvent.click(page.getByRole('button', { name: 'backend 8' }));
  expect(go).toHaveBeenCalledExactlyOnceWith({ kind: 'lwp', id: 8 });
});

test('shows the time range of evidence on the timeline, and takes the cursor to a row', async () => {
  const { fit, selectRange, seekTime, seekRow } = open();
  const evidence = page.getByRole('region', { name: 'Evidence' }).getByRole('button', { name: /^0\.00/ });
  await userEvent.click(evidence.nth(0));
  expect(seekTime).toHaveBeenCalledExactlyOnceWith(4e6);
  expect(fit).toHaveBeenCalledExactlyOnceWith({ startNs: 4e6, endNs: 6e6 });
  await userEvent.click(evidence.nth(1));
  expect(seekRow).toHaveBeenCalledExactlyOnceWith({ sequence: 77, timeNs: 5e6 });
  expect(selectRange).toHaveBeenLastCalledWith(null);
});

test('says what to do and how it is computed, and becomes a note on its range', async () => {
  const { add } = open();
  await expect.element(page.getByText('Hold it for less time.')).toBeInTheDocument();
  await expect.element(page.getByText('threads that wait at its peak')).toBeInTheDocument();
  await userEvent.click(page.getByRole('button', { name: 'Make a note' }));
  expect(add).toHaveBeenCalledExactlyOnceWith(1e6, 9e6, 'Lock convoy: backend 8 held proc_array.');
});

test('leads to those with the same cause', async () => {
  const { goToFinding } = open();
  const others = page.getByRole('region', { name: 'Same cause' });
  await userEvent.click(others.getByRole('button', { name: 'late-run' }));
  expect(goToFinding).toHaveBeenCalledExactlyOnceWith(late);
});
