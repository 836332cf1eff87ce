import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import { mount } from '../../testing/mount.ts';
import { provideInspectorContext, type InspectorContext } from './inspector-context.ts';
import type { Inspection } from './inspection.ts';
import LwpTable from './LwpTable.vue';

const names = {
  table: {
    lwp: (lwp: number) => `backend/${lwp}`,
    lwpOrigin: (lwp: number) => `LWP ${lwp} of postgres`,
    cpu: (cpu: number) => `CPU ${cpu}`,
  },
} as unknown as InspectorContext['names'];

/** LWP 1 runs on CPU 3; the others are not alive yet. */
function running(): Inspection {
  const state = new MachineState(true);
  state.assign(KIND.lwp_alive, 1, 1, 1);
  state.assign(KIND.t_state, 1, TS.ONPROC, 2);
  state.assign(KIND.t_cpu, 1, 3, 3);
  return { state } as Inspection;
}

function open(lwps: readonly number[]) {
  const go = vi.fn();
  const context = { names, pages: { go } } as unknown as InspectorContext;
  const host = mount(LwpTable, { inspection: running(), lwps }, () => provideInspectorContext(context));
  return {
    go,
    rows: [...host.querySelectorAll('li')].map((row) =>
      [...row.children].map((part) => part.textContent.trim()),
    ),
    ends: host.querySelector('li:last-child')!.textContent,
  };
}

test('says what each thread does at the cursor, and where', () => {
  expect(open([1]).rows).toEqual([['backend/1', 'running', 'CPU 3']]);
});

test('a name leads to the page of its thread', async () => {
  const { go } = open([1]);
  await page.getByRole('button', { name: 'backend/1' }).click();
  expect(go).toHaveBeenCalledExactlyOnceWith({ kind: 'lwp', id: 1 });
});

test('a long list ends with how many more there are', () => {
  const { rows, ends } = open(Array.from({ length: 207 }, (_, lwp) => lwp));
  expect(rows).toHaveLength(201);
  expect(ends).toBe('and 7 more');
});
