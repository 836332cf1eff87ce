/** Rows of the fields that only some sources tell: one column of values for each kind, made on first use. */
import type { CauseId, CpuId, KindId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { KIND_SPECS } from '#shared/model/kinds.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';
import { IntColumn } from './columns.ts';

export class FieldRows {
  private readonly writer: TransitionProbe;
  private readonly columns: (IntColumn | undefined)[] = [];
  private timeNs: Ns = 0;
  private where: CpuId = NONE;

  constructor(writer: TransitionProbe) {
    this.writer = writer;
  }

  /** When and on which CPU the assignments that follow happen. */
  at(timeNs: Ns, cpu: CpuId): void {
    this.timeNs = timeNs;
    this.where = cpu;
  }

  /** The value of a field of the subject `id`. */
  read(kind: KindId, id: number): number {
    return this.columns[kind]?.get(id) ?? KIND_SPECS[kind]!.initial;
  }

  /**
   * Assigns a field of the subject `id`, and writes a row where that changes it; `lwp` is the thread that it is about.
   */
  assign(kind: KindId, id: number, lwp: LwpId, cause: CauseId, value: number): void {
    if (this.read(kind, id) !== value) this.store(kind, id, lwp, cause, value);
  }

  /** The same, and writes a row even where the value stays. */
  store(kind: KindId, id: number, lwp: LwpId, cause: CauseId, value: number): void {
    const { initial, subject } = KIND_SPECS[kind]!;
    const column = (this.columns[kind] ??= new IntColumn(initial));
    const old = column.get(id);
    column.set(id, value);
    this.by(lwp, cause).assign(kind, subject === 'lwp' ? 0 : id, old, value);
  }

  /** The next row, to be assigned, where it is no field that is kept here. */
  by(lwp: LwpId, cause: CauseId): TransitionProbe {
    return this.writer.at(this.timeNs, this.where, lwp, cause);
  }
}
