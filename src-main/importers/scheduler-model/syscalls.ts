/** System calls that a source names, and the ordinals that they have in the trace. */
import { NONE } from '#shared/base/none.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';

/** Linux has fewer than five hundred; a source with more of them names something else. */
const MAX_SYSCALLS = 4096;
export class Syscalls {
  private readonly ids = new Map<string, number>();
  private readonly writer: TransitionProbe;

  constructor(writer: TransitionProbe) {
    this.writer = writer;
  }

  /** The system call of this name, defined if need be; -1 where there are too many. */
  id(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    if (this.ids.size === MAX_SYSCALLS) return NONE;
    const id = this.ids.size;
    this.ids.set(name, id);
    this.writer.define({ table: 'syscall', id, name });
    return id;
  }
}
