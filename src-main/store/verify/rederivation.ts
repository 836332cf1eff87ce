/**
 * Derives and inserts in one thread, row by row: `verify` runs it over a file's events and compares what comes out
 * with the file's derived tables.
 */
import type Database from 'better-sqlite3';
import type { IndexIntoBatch } from '#shared/base/brands.ts';
import type { SubjectLimits } from '#shared/model/machine-state.ts';
import type { Definition, TransitionColumns } from '#shared/model/transition-batch.ts';
import type { FindingsPass } from '../../findings/pass.ts';
import { Derivation } from '../derive/derivation.ts';
import type { TransitionRouter } from '../derive/transition-router.ts';
import { BatchInserter } from '../write/batch-inserter.ts';

/** Rows between inserts. */
const ROWS_AT_ONCE = 16_384;

export class Rederivation {
  private readonly derivation: Derivation;
  private readonly tables: BatchInserter;

  /**
   * @param limits of a file that may be damaged
   * @param findings as of {@link Derivation}
   */
  constructor(db: Database.Database, limits: SubjectLimits = {}, findings: FindingsPass | null = null) {
    this.derivation = new Derivation(limits, findings);
    this.tables = new BatchInserter(db);
  }

  get router(): TransitionRouter {
    return this.derivation.router;
  }

  /** See {@link Derivation.define}. */
  define(definitions: Iterable<Definition>): void {
    this.derivation.define(definitions);
  }

  /** Takes a row of a batch, the next of the trace. Throws InvariantError for one that no trace can contain. */
  add(columns: TransitionColumns, row: IndexIntoBatch): void {
    this.derivation.add(columns, row);
    if (this.derivation.events % ROWS_AT_ONCE === 0) this.write();
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
