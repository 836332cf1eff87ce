/**
 * Rows of `event_block`: which kinds, causes, CPUs, LWPs and objects occur in each run of rows. Hot: a few comparisons
 * a row, allocates once a block.
 */
import type { CpuId, IndexIntoBatch, LwpId, Ns, Seq } from '#shared/base/brands.ts';
import { CAUSE_NAMES } from '#shared/model/causes.ts';
import { KIND, KIND_COUNT, KIND_SPECS } from '#shared/model/kinds.ts';
import type { TransitionColumns } from '#shared/model/transition-batch.ts';
import { EVENT_BLOCK_ROWS } from '../format/schema.ts';
import type { PackedValue } from './derived-batch.ts';
import { grown } from './grown.ts';

const KIND_BYTES = Math.ceil(KIND_COUNT / 8);
const CAUSE_BYTES = Math.ceil(CAUSE_NAMES.length / 8);
/** Kinds whose subject is in the column `object`: see kinds.ts. */
const HAS_OBJECT = Uint8Array.from(KIND_SPECS, ({ subject }) =>
  subject === 'slot' || subject === 'page' || subject === 'process' || subject === 'sync' ? 1 : 0,
);

export class EventBlockBuilder {
  private readonly emit: (values: readonly PackedValue[]) => void;
  private block = -1;
  private startNs = 0;
  private readonly kinds = new Uint8Array(KIND_BYTES);
  private readonly causes = new Uint8Array(CAUSE_BYTES);
  private cpus: CpuId[] = [];
  private lwps: LwpId[] = [];
  private objects: number[] = [];
  /** Block in which a CPU (index + 1), LWP (index + 1) or object was last noted. */
  private cpuSeen = new Int32Array(64).fill(-1);
  private lwpSeen = new Int32Array(1024).fill(-1);
  private objectSeen = new Int32Array(1024).fill(-1);

  /** @param emit takes a row; a row for a block that was emitted before replaces it */
  constructor(emit: (row: readonly PackedValue[]) => void) {
    this.emit = emit;
  }

  /** Takes a row of a batch, the next of the trace. */
  add(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void {
    const block = Math.floor((sequence - 1) / EVENT_BLOCK_ROWS);
    if (block !== this.block) {
      if (this.block >= 0) this.flush();
      this.begin(block, columns.timeNs[row]!);
    }
    const kind = columns.kind[row]!;
    const cause = columns.cause[row]!;
    const cpu = columns.cpu[row]!;
    this.kinds[kind >> 3] = this.kinds[kind >> 3]! | (1 << (kind & 7));
    if (cause < CAUSE_NAMES.length) this.causes[cause >> 3] = this.causes[cause >> 3]! | (1 << (cause & 7));
    if (cpu + 1 >= this.cpuSeen.length) this.cpuSeen = grown(this.cpuSeen, cpu + 1);
    if (this.cpuSeen[cpu + 1] !== block) {
      this.cpuSeen[cpu + 1] = block;
      this.cpus.push(cpu);
    }
    this.noteLwp(columns.lwp[row]!);
    if (HAS_OBJECT[kind] === 1) this.noteObject(columns.object[row]!);
    if (kind === KIND.cpu_dispthread) {
      this.noteLwp(columns.oldValue[row]!);
      this.noteLwp(columns.newValue[row]!);
    }
  }

  /** Emits the block as it is now. */
  flush(): void {
    if (this.block < 0) return;
    this.emit([
      this.block,
      this.startNs,
      this.kinds.slice(),
      this.causes.slice(),
      new Uint8Array(Int16Array.from(this.cpus).buffer),
      new Uint8Array(Int32Array.from(this.lwps).buffer),
      new Uint8Array(Int32Array.from(this.objects).buffer),
    ]);
  }

  private begin(block: number, startNs: Ns): void {
    this.block = block;
    this.startNs = startNs;
    this.kinds.fill(0);
    this.causes.fill(0);
    this.cpus = [];
    this.lwps = [];
    this.objects = [];
  }

  private noteObject(object: number): void {
    if (!(object >= 0 && object < 1 << 22)) return;
    if (object >= this.objectSeen.length) this.objectSeen = grown(this.objectSeen, object);
    if (this.objectSeen[object] === this.block) return;
    this.objectSeen[object] = this.block;
    this.objects.push(object);
  }

  private noteLwp(lwp: LwpId): void {
    if (!(lwp >= -1 && lwp < 1 << 22)) return;
    if (lwp + 1 >= this.lwpSeen.length) this.lwpSeen = grown(this.lwpSeen, lwp + 1);
    if (this.lwpSeen[lwp + 1] === this.block) return;
    this.lwpSeen[lwp + 1] = this.block;
    this.lwps.push(lwp);
  }
}
