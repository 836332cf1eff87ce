/**
 * The operations of the schedctl vectors (schedctl/README.md, "Operations"), each as calls of the emulator.
 *
 * Ids of the vectors are mapped to ordinals of the emulator, so that an id may come again after its owner
 * is gone.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { SC_FIELDS } from '#shared/model/sc-shared.ts';
import { curproc, type KernelContext } from '#main/emulator/kernel/context/kernel-context.ts';
import { copyLwp, isForkAll, newproc, type ForkKind } from '#main/emulator/kernel/proc/fork.ts';
import {
  exec,
  lwp_create,
  lwp_detach,
  lwp_exit,
  proc_create,
  proc_exit,
} from '#main/emulator/kernel/proc/process.ts';
import { sigassign } from '#main/emulator/kernel/context/sigset.ts';
import { user_store } from '#main/emulator/kernel/proc/user-schedctl.ts';
import * as sc from '#main/emulator/kernel/schedctl/schedctl.ts';
import { as_lookup, as_unmap, mappedAddresses } from '#main/emulator/kernel/vm/address-space.ts';
import type { FailingCall } from '#main/emulator/kernel/vm/planted-failures.ts';
import { userLoadSlot, userStoreByte } from '#main/emulator/kernel/vm/user-memory.ts';
import type { AddressSpace } from '#main/emulator/kernel/vm/virtual-memory.ts';
import type { Json } from './json.ts';
import { hexBytes } from './schedctl-view.ts';
import { PageOrdinals } from './page-ordinals.ts';
import { VectorArguments } from './vector-arguments.ts';
import type { VectorLine } from './driver.ts';

type Operation = (r: SchedctlRunner, a: VectorArguments) => Json | undefined;

const FAILURES: Readonly<Record<string, FailingCall>> = {
  segkp: 'segkp_get_withanonmap',
  map_addr: 'map_addr',
  as_map: 'as_map',
  as_unmap: 'as_unmap',
};

/** Operations that no LWP does. */
const WITHOUT_LWP = new Set(['init', 'proc', 'lwp', 'upoke', 'uload', 'umunmap', 'checkpoint']);
const PRIORITY_FIELDS = ['cid', 'cpri', 'pri', 'epri'] as const;
const FORK_KINDS: readonly string[] = ['fork1', 'forkall', 'vfork', 'vforkall'] satisfies ForkKind[];
const FAULT_RESULT = 'fault';

export class SchedctlRunner {
  readonly k: KernelContext;
  readonly processes = new Map<number, number>();
  readonly lwps = new Map<number, number>();
  readonly ordinals = new PageOrdinals();
  private nextProcess = 0;
  private nextLwp = 0;

  constructor(k: KernelContext) {
    this.k = k;
  }

  /** Error number that the last operation left in its LWP, 0 for none. */
  errno = 0;

  /** Runs an operation. Returns its result, undefined for none. Throws what the emulator throws. */
  run(line: VectorLine, lineNumber: number): Json | undefined {
    const a = new VectorArguments(line, lineNumber);
    const op = a.string('op');
    const operation = OPERATIONS[op] ?? a.fail(`unknown operation ${op}`);
    const { k } = this;
    k.vm.failures.clear();
    if (a.has('fail')) {
      const call = FAILURES[a.string('fail')] ?? a.fail(`unknown failure ${a.string('fail')}`);
      const error = a.has('err') ? a.number('err') : 0;
      k.vm.failures.plant({ call, error, nth: a.has('nth') ? a.number('nth') : 0 });
    }
    this.errno = 0;
    // For `lwp`, `t` is only about to be made.
    const t = a.has('t') && op !== 'lwp' ? this.lwp(a) : undefined;
    if (t === undefined && !WITHOUT_LWP.has(op)) a.fail(`${op} is about an lwp, and no \`t\` names it`);
    k.machine.curthread = t ?? NONE;
    if (t !== undefined) k.procs.set_errno(t, 0);
    const result = operation(this, a);
    if (t !== undefined) this.errno = k.procs.errno(t);
    return result;
  }

  lwp(a: VectorArguments, name = 't'): number {
    return this.lwps.get(a.number(name)) ?? a.fail(`there is no lwp ${a.number(name)}`);
  }

  process(a: VectorArguments, name = 'p'): number {
    return this.processes.get(a.number(name)) ?? a.fail(`there is no process ${a.number(name)}`);
  }

  addProcess(id: number): number {
    const p = this.nextProcess++;
    this.processes.set(id, p);
    return p;
  }

  addLwp(id: number): number {
    const t = this.nextLwp++;
    this.lwps.set(id, t);
    return t;
  }

  /** Forgets the LWP and process with these ordinals. */
  remove(lwps: number, process: number = NONE): void {
    for (const [id, t] of this.lwps) if (t === lwps) this.lwps.delete(id);
    for (const [id, p] of this.processes) if (p === process) this.processes.delete(id);
  }

  /** User address of byte `offset` of a page; an address where nothing ever is for a page that is not mapped. */
  address(as: AddressSpace, ordinal: number, offset: number): number {
    return (mappedAddresses(as, this.ordinals.pageOf(ordinal))[0] ?? 0) + offset;
  }

  addressSpace(p: number): AddressSpace {
    return as_lookup(this.k, this.k.machine.get(KIND.p_as, p));
  }

  /** Runs `call` with p_lock of the process of `t` held where the operation says so. */
  withPLock(a: VectorArguments, t: number, call: () => void): void {
    const p = this.k.procs.ttoproc(t);
    const held = a.flag('plock');
    if (held) this.k.locks.enterPLock(p);
    call();
    if (held) this.k.locks.exitPLock(p);
  }

  /** Runs `call` under the lock of `t`, unless the operation says that it is not held. */
  withThreadLock(a: VectorArguments, t: number, call: () => number | void): number | undefined {
    const held = !a.flag('nolock');
    if (held) this.k.locks.thread_lock(t);
    const result = call();
    if (held) this.k.locks.thread_unlock(t);
    return result ?? undefined;
  }

  setPriorities(a: VectorArguments, t: number): void {
    const kinds = { cid: KIND.t_cid, cpri: KIND.t_cpri, pri: KIND.t_pri, epri: KIND.t_epri };
    for (const name of PRIORITY_FIELDS) {
      if (a.has(name)) this.k.machine.set(kinds[name], t, a.number(name), CAUSE.setup);
    }
  }
}

/** Like `void`: the vectors give such a call no result. */
function nothing(_: void): undefined {
  return undefined;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  init({ k }) {
    sc.schedctl_init(k);
    return { usable: k.sc.sc_pagesize, slots: k.sc.sc_bitmap_len, words: k.sc.sc_bitmap_words };
  },

  proc: (r, a) => nothing(proc_create(r.k, r.addProcess(a.number('p')), CAUSE.setup)),

  lwp(r, a) {
    const p = r.process(a);
    const t = r.addLwp(a.number('t'));
    lwp_create(r.k, t, p, CAUSE.lwp_create);
    r.setPriorities(a, t);
    return undefined;
  },

  fork(r, a) {
    const { k } = r;
    const kind = a.string('kind');
    if (!FORK_KINDS.includes(kind)) a.fail(`unknown kind of fork ${kind}`);
    const forking = r.lwp(a);
    const parent = k.procs.ttoproc(forking);
    const copied = isForkAll(kind as ForkKind)
      ? [...r.lwps]
          .filter(([, t]) => k.procs.ttoproc(t) === parent)
          .sort(([a], [b]) => a - b)
          .map(([, t]) => t)
      : [forking];
    const children = a.numbers('ct');
    if (children.length !== copied.length) a.fail(`${copied.length} lwps are copied`);
    const cp = r.addProcess(a.number('cp'));
    newproc(k, cp, kind as ForkKind);
    copied.forEach((pt, index) => {
      const ct = r.addLwp(children[index]!);
      copyLwp(k, pt, ct, cp);
      if (a.flag('childsc')) {
        k.machine.set(KIND.t_schedctl, ct, k.machine.get(KIND.t_schedctl, pt), CAUSE.setup);
      }
      k.ctx.forkctx(pt, ct);
    });
    return undefined;
  },

  lwp_cleanup(r, a) {
    const t = r.lwp(a);
    r.withPLock(a, t, () => sc.schedctl_lwp_cleanup(r.k, t));
    return undefined;
  },

  lwp_exit(r, a) {
    const t = r.lwp(a);
    lwp_exit(r.k, t);
    r.remove(t);
    return undefined;
  },

  lwp_vanish(r, a) {
    const t = r.lwp(a);
    lwp_detach(r.k, t, CAUSE.setup);
    r.remove(t);
    return undefined;
  },

  proc_cleanup: (r) => nothing(sc.schedctl_proc_cleanup(r.k)),

  exit(r, a) {
    const t = r.lwp(a);
    const p = r.k.procs.ttoproc(t);
    proc_exit(r.k);
    r.remove(t, p);
    return undefined;
  },

  exec: (r) => nothing(exec(r.k)),
  checkpoint: () => undefined,

  schedctl(r, a) {
    const { k } = r;
    const t = r.lwp(a);
    let address = 0;
    r.withPLock(a, t, () => {
      address = sc.schedctl(k);
    });
    if (k.procs.errno(t) !== 0) return address;
    const offset = address % k.vm.layout.pageSize;
    // By the page controls, not by what is mapped: user code may have unmapped the page.
    let pagep = k.procs.p_pagep(curproc(k));
    while (pagep !== null && pagep.spc_uaddr !== address - offset) pagep = pagep.spc_next;
    return [pagep === null ? NONE : r.ordinals.of(pagep.page), offset];
  },

  off(r, a) {
    const t = r.lwp(a);
    r.k.machine.set(KIND.t_state, t, a.number('state'), CAUSE.swtch);
    r.k.ctx.savectx(t);
    return undefined;
  },

  on(r, a) {
    const t = r.lwp(a);
    r.k.machine.cpuNow = a.number('cpu');
    r.k.machine.set(KIND.t_state, t, 4, CAUSE.resume);
    r.k.ctx.restorectx(t);
    r.k.machine.cpuNow = NONE;
    return undefined;
  },

  get_nopreempt(r, a) {
    const t = r.lwp(a);
    return r.withThreadLock(a, t, () => sc.schedctl_get_nopreempt(r.k, t));
  },

  set_nopreempt(r, a) {
    const t = r.lwp(a);
    return r.withThreadLock(a, t, () => sc.schedctl_set_nopreempt(r.k, t, a.number('val')));
  },

  set_yield(r, a) {
    const t = r.lwp(a);
    return r.withThreadLock(a, t, () => sc.schedctl_set_yield(r.k, t, a.number('val')));
  },

  setpri: (r, a) => nothing(r.setPriorities(a, r.lwp(a))),

  set_cidpri(r, a) {
    r.setPriorities(a, r.lwp(a));
    sc.schedctl_set_cidpri(r.k, r.lwp(a));
    return undefined;
  },

  sigblock: (r, a) => sc.schedctl_sigblock(r.k, r.lwp(a)),

  finish_sigblock(r, a) {
    const t = r.lwp(a);
    if (a.has('by')) r.k.machine.curthread = r.lwp(a, 'by');
    r.withPLock(a, t, () => sc.schedctl_finish_sigblock(r.k, t));
    return undefined;
  },

  sethold(r, a) {
    const words = [a.number('h0'), a.number('h1'), a.number('h2')] as const;
    return nothing(sigassign(r.k.machine, KIND.t_hold0, r.lwp(a), words, CAUSE.setup));
  },

  cancel_pending: (r) => (sc.schedctl_cancel_pending(r.k) ? 1 : 0),
  cancel_eintr: (r) => nothing(sc.schedctl_cancel_eintr(r.k)),
  is_park: (r) => (sc.schedctl_is_park(r.k) ? 1 : 0),
  set_park: (r) => nothing(sc.schedctl_set_park(r.k)),
  unpark: (r) => nothing(sc.schedctl_unpark(r.k)),

  ustore(r, a) {
    const name = a.string('field');
    const field =
      SC_FIELDS.find((candidate) => candidate.name === `sc_${name}`) ?? a.fail(`unknown field ${name}`);
    return user_store(r.k, r.lwp(a), KIND[field.name], a.number('val'), CAUSE.user_store) ? 0 : FAULT_RESULT;
  },

  upoke(r, a) {
    const as = r.addressSpace(r.process(a));
    const address = r.address(as, a.number('page'), a.number('off'));
    return userStoreByte(r.k, as, address, a.number('val'), CAUSE.user_store) ? 0 : FAULT_RESULT;
  },

  uload(r, a) {
    const as = r.addressSpace(r.process(a));
    const address = r.address(as, a.number('page'), a.number('slot') * r.k.vm.layout.scSize);
    const bytes = userLoadSlot(r.k, as, address);
    return bytes === null ? FAULT_RESULT : hexBytes(bytes);
  },

  umunmap(r, a) {
    const as = r.addressSpace(r.process(a));
    as_unmap(r.k, as, r.address(as, a.number('page'), 0), CAUSE.munmap);
    return undefined;
  },
};
