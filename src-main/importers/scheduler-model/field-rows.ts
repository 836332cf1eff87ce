/** Rows of the fields that only some sources tell: one column of values for each kind, made on first use. */
import { KIND_SPECS } from '#shared/model/kinds.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';
import { IntColumn } from './columns.ts';

const NONE = -1;

export class FieldRows {
  private readonly writer: TransitionProbe;
  private readonly columns: (IntColumn | undefined)[] = [];
  private timeNs = 0;
  private where = NONE;

  constructor(writer: TransitionProbe) {
    this.writer = writer;
  }

  /** When and on which CPU the assignments that follow happen. */
  at(timeNs: number, cpu: number): void {
    this.timeNs = timeNs;
    this.where = cpu;
  }

  /** The value of a field of the subject `id`. */
  read(kind: number, id: number): number {
    return this.columns[kind]?.get(id) ?? KIND_SPECS[kind]!.initial;
  }

  /**
   * Assigns a field of the subject `id`; `lwp` and `object` go into the row as its kind wants them.
   *
   * @param everyStore writes a row even where the value stays the same
   */
  assign(
    kind: number,
    id: number,
    lwp: number,
    object: number,
    cause: number,
    value: number,
    everyStore = false,
  ): void {
    const column = (this.columns[kind] ??= new IntColumn(KIND_SPECS[kind]!.initial));
    const old = column.get(id);
    if (old === value && !everyStore) return;
    column.set(id, value);
    this.writer.at(this.timeNs, this.where, lwp, cause).assign(kind, object, old, value);
  }

  /** Writes a row that assigns nothing. */
  note(kind: number, lwp: number, object: number, cause: number, old: number, value: number): void {
    this.writer.at(this.timeNs, this.where, lwp, cause).assign(kind, object, old, value);
  }
}
