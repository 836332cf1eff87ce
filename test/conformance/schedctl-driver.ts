/**
 * Runs schedctl vectors (schedctl/README.md): the calls of schedctl.c, one by one. Compared are the
 * result, the errno, the calls of the memory subsystem and the whole state.
 */
import { createKernelContext, type KernelContext } from '#main/emulator/kernel/context/kernel-context.ts';
import { Machine } from '#main/emulator/machine.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { pageControlBytes } from '#main/emulator/kernel/schedctl/schedctl.ts';
import { checkAccounts } from '#main/emulator/kernel/vm/accounting.ts';
import type { VectorDriver, VectorSubject } from './driver.ts';
import { firstDifference, type Json } from './json.ts';
import { SchedctlRunner } from './schedctl-operations.ts';
import { viewOf } from './schedctl-view.ts';
import type { VectorArguments } from './vector-arguments.ts';

const INITIAL: Json = { procs: {}, lwps: {}, pages: {}, ctr: { amaps: 0, kpages: 0, anon: 0, kmem: 0 } };

export const schedctlDriver: VectorDriver = {
  kind: 'schedctl',
  accepts: (header) => header.sc_size !== undefined,
  open,
};

function open(header: VectorArguments): VectorSubject {
  const layout = { pageSize: header.number('pagesize'), scSize: header.number('sc_size') };
  const k = createKernelContext(new Machine(new TransitionProbe()), layout);
  const runner = new SchedctlRunner(k);
  let calls: string[] = [];
  k.vm.observer = (call) => {
    // Calls name pages as the emulator does.
    calls.push(call.replace(/ page=(\d+)$/, (_, page) => ` page=${runner.ordinals.of(Number(page))}`));
  };

  return {
    machine: k.machine,
    initial: INITIAL,
    step(line, lineNumber) {
      calls = [];
      const ret = runner.run(line, lineNumber);
      if (line.op === 'init') checkHeader(header, k);
      checkAccounts(k, pageControlBytes(k));
      runner.ordinals.forgetFreed(k.machine);
      return {
        ret,
        errno: runner.errno === 0 ? undefined : runner.errno,
        calls: calls.length === 0 ? undefined : inOrderOf(line.calls, calls),
      };
    },
    view: () => viewOf(k, runner),
  };
}

/** The header's figures follow from the page layout. Throws VectorFormatError where they do not. */
function checkHeader(header: VectorArguments, k: KernelContext): void {
  const figures = {
    usable: k.sc.sc_pagesize,
    slots_per_page: k.sc.sc_bitmap_len,
    bitmap_words: k.sc.sc_bitmap_words,
    page_kmem: pageControlBytes(k),
  };
  for (const [name, figure] of Object.entries(figures)) {
    if (header.number(name) !== figure) header.fail(`\`${name}\` is ${header.number(name)}, not ${figure}`);
  }
}

/**
 * The order in which an address space drops its mappings has no meaning: where both lists have the same
 * drops, those found are put into the order expected.
 */
function inOrderOf(expected: unknown, found: readonly string[]): readonly string[] {
  if (!Array.isArray(expected)) return found;
  const inOrder = neutralOrder(found);
  const sameDrops = firstDifference(neutralOrder(expected as string[]), inOrder, '') === null;
  return sameDrops ? (expected as string[]) : found;
}

/** The calls with the drops of an address space, each with the frees that follow it, sorted. */
function neutralOrder(calls: readonly string[]): readonly string[] {
  const start = calls.findIndex((call) => call.startsWith('as_free '));
  if (start === -1) return calls;
  const drops: string[][] = [];
  for (const call of calls.slice(start)) {
    if (call.startsWith('as_free ')) drops.push([]);
    drops.at(-1)!.push(call);
  }
  drops.sort((a, b) => (a.join() < b.join() ? -1 : 1));
  return [...calls.slice(0, start), ...drops.flat()];
}
