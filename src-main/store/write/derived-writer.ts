/**
 * Derives and inserts in one thread, row by row: `verify` runs it over a file's events and compares what comes out
 * with the file's derived tables.
 */
import type Database from 'better-sqlite3';
import type { SubjectLimits } from '#shared/model/machine-state.ts';
import { Derivation } from '../derive/derivation.ts';
import type { Deriver } from '../derive/deriver.ts';
import { DerivedTables } from './derived-tables.ts';

/** Rows between inserts. */
const ROWS_AT_ONCE = 16_384;

export class DerivedWriter {
  private readonly derivation: Derivation;
  private readonly tables: DerivedTables;

  /** @param limits of a file that may be damaged */
  constructor(db: Database.Database, limits: SubjectLimits = {}) {
    this.derivation = new Derivation(limits);
    this.tables = new DerivedTables(db);
  }

  get deriver(): Deriver {
    return this.derivation.deriver;
  }

  /** Takes the next row. Throws InvariantError for one that no trace can contain. */
  add(
    timeNs: number,
    kind: number,
    cpu: number,
    lwp: number,
    object: number,
    cause: number,
    oldValue: number,
    newValue: number,
  ): void {
    const { derivation } = this;
    derivation.add(timeNs, kind, cpu, lwp, object, cause, oldValue, newValue);
    if (derivation.events % ROWS_AT_ONCE === 0) this.write();
  }

  /** Digest of the rows so far, 16 hexadecimal characters. */
  digestHex(): string {
    return this.derivation.digestHex();
  }

  /** Writes all that waits in memory. */
  flush(): void {
    this.derivation.flush(() => this.write());
    this.write();
    this.tables.flush();
  }

  /** The trace ends: closes what is open. To be followed by {@link flush}. */
  finish(): void {
    this.derivation.finish();
  }

  private write(): void {
    const derived = this.derivation.take();
    this.tables.write(derived);
    this.derivation.reuse(derived);
  }
}
