/** The emulator's state in the terms of the schedctl vectors (schedctl/README.md, "State"). */
import { NONE } from '#shared/base/none.ts';
import { KIND, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { SC_FIELDS } from '#shared/model/sc-shared.ts';
import type { KernelContext } from '#main/emulator/kernel/context/kernel-context.ts';
import { bitmapWords } from '#main/emulator/kernel/schedctl/slot-bitmap.ts';
import { MACHINE } from '#main/emulator/kernel/vm/anon.ts';
import { slotBytes } from '#main/emulator/kernel/vm/user-memory.ts';
import type { Json } from './json.ts';
import type { PageOrdinals } from './page-ordinals.ts';

/** Live processes and LWPs: the vector's id to the emulator's ordinal; and the vector's names of pages. */
export interface LiveIds {
  readonly processes: ReadonlyMap<number, number>;
  readonly lwps: ReadonlyMap<number, number>;
  readonly ordinals: PageOrdinals;
}

export function viewOf(k: KernelContext, live: LiveIds): Json {
  const processIds = new Map([...live.processes].map(([id, ordinal]) => [ordinal, id]));
  const procs: Record<string, Json> = {};
  for (const [id, p] of live.processes) procs[id] = processView(k, p, live.ordinals);
  const lwps: Record<string, Json> = {};
  for (const [id, t] of live.lwps) lwps[id] = lwpView(k, t, processIds, live.ordinals);
  const pages: Record<string, Json> = {};
  for (let page = 0; page < k.vm.pages; page++) {
    if (k.machine.get(KIND.page_references, page) === 0) continue;
    pages[live.ordinals.of(page)] = pageView(k, page, processIds);
  }
  const counter = (kind: number): number => k.machine.get(kind, MACHINE);
  return {
    procs,
    lwps,
    pages,
    ctr: {
      amaps: counter(KIND.live_anon_maps),
      kpages: counter(KIND.live_kernel_pages),
      anon: counter(KIND.live_anon_pages),
      kmem: counter(KIND.live_kernel_heap),
    },
  };
}

function processView(k: KernelContext, p: number, ordinals: PageOrdinals): Json {
  const as = k.machine.get(KIND.p_as, p);
  const pagep: number[] = [];
  for (let entry = k.procs.p_pagep(p); entry !== null; entry = entry.spc_next) {
    pagep.push(ordinals.of(entry.page));
  }
  return {
    as,
    vfork: k.machine.get(KIND.p_vfork, p),
    nlwp: k.machine.get(KIND.p_lwpcnt, p),
    pagep,
    maps: [...k.vm.spaces[as]!.mappings.values()].map((page) => ordinals.of(page)).sort((a, b) => a - b),
  };
}

function lwpView(
  k: KernelContext,
  t: number,
  processIds: ReadonlyMap<number, number>,
  ordinals: PageOrdinals,
): Json {
  const get = (kind: number): number => k.machine.get(kind, t);
  const view: Record<string, Json> = {
    p: processIds.get(k.procs.ttoproc(t)) ?? NONE,
    ctx: k.sc.ops === null ? 0 : k.ctx.count(t, k.sc.ops),
    state: get(KIND.t_state),
    cid: get(KIND.t_cid),
    cpri: get(KIND.t_cpri),
    pri: get(KIND.t_pri),
    epri: get(KIND.t_epri),
    hold: [hex32(get(KIND.t_hold0)), hex32(get(KIND.t_hold1)), hex32(get(KIND.t_hold2))],
  };
  const ssp = get(KIND.t_schedctl);
  if (ssp !== NONE) {
    view.page = ordinals.of(Math.trunc(ssp / SLOT_ID_STRIDE));
    view.slot = ssp % SLOT_ID_STRIDE;
    view.off = k.procs.t_sc_uaddr(t) % k.vm.layout.pageSize;
  }
  return view;
}

function pageView(k: KernelContext, page: number, processIds: ReadonlyMap<number, number>): Json {
  const slots: Record<string, Json> = {};
  const columns = SC_FIELDS.map((field) => k.machine.state.columns[KIND[field.name]]!);
  const onlyFields = !k.vm.spareBytes.has(page);
  for (let slot = 0; slot < k.sc.sc_bitmap_len; slot++) {
    const id = page * SLOT_ID_STRIDE + slot;
    if (onlyFields && columns.every((column) => column[id] === 0)) continue;
    const bytes = slotBytes(k, id);
    if (bytes.some((byte) => byte !== 0)) slots[slot] = hexBytes(bytes);
  }
  const view: Record<string, Json> = {
    ref: k.machine.get(KIND.page_references, page),
    k: k.machine.get(KIND.page_kernel_mapping, page),
    slots,
  };
  const p = k.machine.get(KIND.page_process, page);
  if (p !== NONE) {
    view.p = processIds.get(p) ?? NONE;
    view.space = k.machine.get(KIND.spc_space, page);
    view.map = bitmapWords(k.machine.state, page, k.sc.sc_bitmap_len).map((word) =>
      word.toString(16).padStart(16, '0'),
    );
  }
  return view;
}

function hex32(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

export function hexBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
