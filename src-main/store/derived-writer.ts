/**
 * Writes everything that follows from the events: derived tables, series, event blocks, keyframes, digest.
 * The recorder runs it beside writing the events; `verify` runs it again and compares.
 *
 * What it writes depends on the rows alone, never on when {@link flush} is called.
 *
 * Hot: {@link add} runs once a transition.
 */
import type Database from 'better-sqlite3';
import { InvariantError } from '#shared/base/assert.ts';
import { Digest } from '#shared/base/digest.ts';
import { KIND_COUNT } from '#shared/model/kinds.ts';
import { Deriver } from './derive/deriver.ts';
import type { DerivedRows } from './derive/derived-rows.ts';
import type { SeriesSink } from './derive/series-registry.ts';
import { EventBlockWriter } from './event-blocks.ts';
import { digestEvent } from './event-digest.ts';
import { keyframeDistance, packState } from './keyframes.ts';
import { MultiRowInsert } from './multi-row-insert.ts';
import { columnNames, type TableName } from './schema.ts';

/** Columns that a caller fills: all but the ordinal that SQLite makes. */
const filled = (table: TableName): string[] => columnNames(table).filter((name) => name !== 'id');

export class DerivedWriter implements DerivedRows, SeriesSink {
  readonly deriver: Deriver;
  /** Rows taken so far. */
  events = 0;
  private readonly digest = new Digest();
  private readonly blocks: EventBlockWriter;
  private nextKeyframe = keyframeDistance(0);
  private readonly inserts: Record<
    | 'lwp_state'
    | 'cpu_run'
    | 'slot_occupancy'
    | 'nopreempt_window'
    | 'decision'
    | 'lock_hold'
    | 'lock_wait'
    | 'wakeup',
    MultiRowInsert
  >;
  private readonly insertChunk: Database.Statement<unknown[]>;
  private readonly insertSeries: Database.Statement<unknown[]>;
  private readonly insertKeyframe: Database.Statement<unknown[]>;
  private readonly insertOverview: Database.Statement<unknown[]>;

  constructor(db: Database.Database) {
    const insert = (table: TableName): MultiRowInsert => new MultiRowInsert(db, table, filled(table));
    this.inserts = {
      lwp_state: insert('lwp_state'),
      cpu_run: insert('cpu_run'),
      slot_occupancy: insert('slot_occupancy'),
      nopreempt_window: insert('nopreempt_window'),
      decision: insert('decision'),
      lock_hold: insert('lock_hold'),
      lock_wait: insert('lock_wait'),
      wakeup: insert('wakeup'),
    };
    this.insertChunk = db.prepare(
      'INSERT INTO chunk VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data',
    );
    this.insertSeries = db.prepare(
      'INSERT INTO series VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET nodes = excluded.nodes',
    );
    this.insertKeyframe = db.prepare('INSERT INTO keyframe VALUES (?, ?, ?, ?, ?)');
    this.insertOverview = db.prepare('INSERT OR REPLACE INTO overview VALUES (1, ?, ?)');
    this.blocks = new EventBlockWriter(db);
    this.deriver = new Deriver(this, this);
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
    const sequence = ++this.events;
    if (kind >= KIND_COUNT) throw new InvariantError(`no such transition kind: ${kind}`);
    this.deriver.add(sequence, timeNs, kind, cpu, lwp, object, cause, oldValue, newValue);
    digestEvent(this.digest, timeNs, kind, cpu, lwp, object, cause, oldValue, newValue);
    this.blocks.add(sequence, timeNs, kind, cpu, lwp, oldValue, newValue);
    if (sequence === this.nextKeyframe) this.keyframe(sequence, timeNs);
  }

  /** Digest of the rows so far, 16 hexadecimal characters. */
  digestHex(): string {
    return this.digest.hex();
  }

  /** Writes all that waits in memory. */
  flush(): void {
    for (const insert of Object.values(this.inserts)) insert.flush();
    this.deriver.flush();
    this.blocks.flush();
    const { bucketNs, data } = this.deriver.overview;
    this.insertOverview.run(bucketNs, Buffer.from(data.buffer));
  }

  /** The trace ends: closes what is open. To be followed by {@link flush}. */
  finish(): void {
    this.deriver.finish();
  }

  writeChunk(id: number, data: Buffer): void {
    this.insertChunk.run(id, data);
  }

  writeSeries(id: number, kind: number, object: number, nodes: number): void {
    this.insertSeries.run(id, kind, object, nodes);
  }

  lwpState(
    lwp: number,
    startNs: number,
    endNs: number,
    state: number,
    cpu: number,
    other: number,
    sync: number,
    flags: number,
  ): void {
    const insert = this.inserts.lwp_state;
    const params = insert.params;
    let at = insert.begin();
    params[at++] = lwp;
    params[at++] = startNs;
    params[at++] = endNs;
    params[at++] = state;
    params[at++] = cpu;
    params[at++] = other;
    params[at++] = sync;
    params[at] = flags;
    insert.end();
  }

  cpuRun(cpu: number, lwp: number, startNs: number, endNs: number): void {
    const insert = this.inserts.cpu_run;
    const params = insert.params;
    let at = insert.begin();
    params[at++] = cpu;
    params[at++] = lwp;
    params[at++] = startNs;
    params[at] = endNs;
    insert.end();
  }

  slotOccupancy(timeNs: number, page: number, used: number): void {
    const insert = this.inserts.slot_occupancy;
    const params = insert.params;
    let at = insert.begin();
    params[at++] = timeNs;
    params[at++] = page;
    params[at] = used;
    insert.end();
  }

  nopreemptWindow(
    lwp: number,
    slot: number,
    startNs: number,
    endNs: number,
    firstDeferredNs: number,
    yieldAskedNs: number,
    yieldedNs: number,
    deferrals: number,
    end: number,
    startSequence: number,
    endSequence: number,
  ): void {
    const insert = this.inserts.nopreempt_window;
    const params = insert.params;
    let at = insert.begin();
    params[at++] = lwp;
    params[at++] = slot;
    params[at++] = startNs;
    params[at++] = endNs;
    params[at++] = firstDeferredNs;
    params[at++] = yieldAskedNs;
    params[at++] = yieldedNs;
    params[at++] = deferrals;
    params[at++] = end;
    params[at++] = startSequence;
    params[at] = endSequence;
    insert.end();
  }

  decision(
    sequence: number,
    timeNs: number,
    lwp: number,
    cpu: number,
    outcome: number,
    place: number,
    timeleft: number,
    without: number,
  ): void {
    const insert = this.inserts.decision;
    const params = insert.params;
    let at = insert.begin();
    params[at++] = sequence;
    params[at++] = timeNs;
    params[at++] = lwp;
    params[at++] = cpu;
    params[at++] = outcome;
    params[at++] = place;
    params[at++] = timeleft;
    params[at] = without;
    insert.end();
  }

  lockHold(sync: number, lwp: number, startNs: number, endNs: number): void {
    const insert = this.inserts.lock_hold;
    const params = insert.params;
    let at = insert.begin();
    params[at++] = sync;
    params[at++] = lwp;
    params[at++] = startNs;
    params[at] = endNs;
    insert.end();
  }

  lockWait(sync: number, lwp: number, startNs: number, endNs: number, holder: number): void {
    const insert = this.inserts.lock_wait;
    const params = insert.params;
    let at = insert.begin();
    params[at++] = sync;
    params[at++] = lwp;
    params[at++] = startNs;
    params[at++] = endNs;
    params[at] = holder;
    insert.end();
  }

  wakeup(
    lwp: number,
    waker: number,
    wakeNs: number,
    runNs: number,
    wakerCpu: number,
    runCpu: number,
    sequence: number,
  ): void {
    const insert = this.inserts.wakeup;
    const params = insert.params;
    let at = insert.begin();
    params[at++] = lwp;
    params[at++] = waker;
    params[at++] = wakeNs;
    params[at++] = runNs;
    params[at++] = wakerCpu;
    params[at++] = runCpu;
    params[at] = sequence;
    insert.end();
  }

  private keyframe(sequence: number, timeNs: number): void {
    const state = this.deriver.state;
    const words = state.serialize();
    this.nextKeyframe = sequence + keyframeDistance(words.length);
    this.insertKeyframe.run(sequence, timeNs, packState(words), state.digest(), this.digest.hex());
  }
}
