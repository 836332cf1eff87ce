/** Whatever byte of a trace is changed, opening or verifying it says so, if the change means anything. */
import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { TABLES } from '../format/schema.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';
import { verifyTrace } from './verify.ts';

const file = temporaryFolder();
const good = file('good.sctrace');
// Long enough for a keyframe, for stored sums of a lane, and to fill more of its pages than each table has to spare.
writeSynthetic(good, { events: 20_000, seed: 4, cpus: 1, lwps: 2, locks: 1 });
const bytes = readFileSync(good);
const flipped = file('flipped.sctrace');
/** Bytes 16 and 17 of the header. */
const PAGE_BYTES = bytes.readUInt16BE(16);

/** All that SQLite reads from a file but the notes; an error where it cannot be read. */
function contentsOf(path: string): string {
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { readonly: true });
    const read = (sql: string): unknown[] => db!.prepare(sql).raw().safeIntegers().all();
    const tables = Object.keys(TABLES).filter((table) => table !== 'note');
    const rows = tables.map((table) => read(`SELECT * FROM ${table} ORDER BY 1, 2`));
    const about = ['application_id', 'user_version'].map((name) => db!.pragma(name));
    const schema = read('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 2');
    return JSON.stringify([about, schema, rows], (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
  } catch (thrown) {
    return `error: ${(thrown as Error).message}`;
  } finally {
    db?.close();
  }
}
const contents = contentsOf(good);

/** Findings repeat the names of threads a hundred times. */
const findingPages = pagesOf('finding');
const isOfFindings = (offset: number): boolean => findingPages.has(Math.floor(offset / PAGE_BYTES));

/** The pages of a table, the first of the file being 0. */
function pagesOf(table: string): Set<number> {
  const db = new Database(good, { readonly: true });
  const pages = db.prepare('SELECT pageno - 1 FROM dbstat WHERE name = ?').pluck().all(table);
  db.close();
  return new Set(z.array(z.int()).parse(pages));
}

/** What verifying says of the file with one bit changed, null where it finds nothing. */
function foundAt(offset: number, bit: number): string | null {
  const changed = Buffer.from(bytes);
  changed[offset] = changed[offset]! ^ (1 << bit);
  writeFileSync(flipped, changed);
  try {
    return verifyTrace(flipped).difference;
  } catch (thrown) {
    expect(thrown, `byte ${offset}, bit ${bit}`).toMatchObject({ name: 'WorkbenchError' });
    return (thrown as Error).message;
  }
}

/** Expects that a change is found, or means nothing: space that is not used, a counter of the header. */
function isFound(offset: number, bit: number): boolean {
  if (foundAt(offset, bit) !== null) return true;
  expect(contentsOf(flipped), `byte ${offset}, bit ${bit}`).toBe(contents);
  return false;
}

/** xorshift: the same bytes on every machine. */
let state = 20261125;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

it('a bit anywhere in the file', () => {
  expect(verifyTrace(good)).toMatchObject({ ok: true, keyframes: 2 });
  let found = 0;
  for (let i = 0; i < 80; i++) {
    if (isFound(random(bytes.length), random(8))) found++;
  }
  // Most of the file is used.
  expect(found).toBeGreaterThan(40);
});

it("a bit of the file's header", () => {
  for (let offset = 0; offset < 100; offset += 3) isFound(offset, random(8));
});

it.each([
  ['a name of a thread', 'worker-1'],
  ['a name of a lock', 'lock-0'],
  ['a fact about the recording', 'synthetic, seed 1'],
  ['the name of a kind', 'sc_nopreempt'],
  ['what a cause is', 'schedctl_set_yield'],
  ['the name of a code', 'without_nopreempt'],
  ['a definition', 'CREATE TABLE event'],
  ['a view', 'CREATE VIEW v_lwp_state'],
])('a bit of %s', (_, text) => {
  // Pages that were split keep what they held as unused bytes: not every place where the text stands is the one that
  // counts.
  expect(countFound(text, (offset) => !isOfFindings(offset))).toBeGreaterThanOrEqual(2);
});

it('a bit of what a finding says of a thread', () => {
  expect(countFound('worker-1', isOfFindings, 12)).toBeGreaterThanOrEqual(2);
});

/** Changes the first and the last letter of a text in places of the file: in all, or in so many spread over them. */
function countFound(text: string, isPlace: (offset: number) => boolean, placesMost = Infinity): number {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1))
    if (isPlace(at)) places.push(at);
  const step = Math.max(1, places.length / placesMost);
  let found = 0;
  for (let place = 0; place < places.length; place += step) {
    const at = places[Math.floor(place)]!;
    for (const offset of [at, at + text.length - 1]) {
      if (isFound(offset, 0)) found++;
    }
  }
  return found;
}
