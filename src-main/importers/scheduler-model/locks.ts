/** Locks that a source names, and the ordinals that they have in the trace. */
import { NONE } from '#shared/base/none.ts';
import type { SYNC_KIND } from '#shared/model/enums.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';

/** Each is a lane of its own; a source with more of them names addresses that mean nothing to a reader. */
const MAX_LOCKS = 4096;
type SyncKind = (typeof SYNC_KIND)[keyof typeof SYNC_KIND];

export class Locks {
  private readonly ids = new Map<string, number>();
  private readonly kinds: SyncKind[] = [];
  private readonly names: string[] = [];
  private readonly announced: boolean[] = [];

  /**
   * The lock of this name, made if need be; -1 where there are too many.
   *
   * @param space what the name is unique in: a process, a file, the kernel
   */
  id(space: string, name: string, kind: SyncKind): number {
    const key = `${space}\0${name}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    if (this.names.length === MAX_LOCKS) return NONE;
    const id = this.names.length;
    this.ids.set(key, id);
    this.kinds.push(kind);
    this.names.push(name);
    return id;
  }

  /** Writes the dimension row of a lock on its first use, as one of `process`. */
  announce(id: number, process: number, writer: TransitionProbe): void {
    if (this.announced[id] === true) return;
    this.announced[id] = true;
    writer.define({ table: 'sync', id, process, kind: this.kinds[id]!, name: this.names[id]! });
  }
}
