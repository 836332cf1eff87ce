import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '#shared/base/errors.ts';
import { Digest } from '#shared/base/digest.ts';
import { createBatch, setTransition } from '#shared/model/transition-batch.ts';
import { digestEvent } from '../format/event-digest.ts';
import { eventsBySequence, summary } from '../queries/index.ts';
import { SyntheticTrace } from '../testing/synthetic-trace.ts';
import { temporaryFolder, TEST_SOURCE, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { TraceWriter } from './trace-writer.ts';
import { verifyTrace } from '../verify/verify.ts';

const file = temporaryFolder();

describe('a finished trace', () => {
  const options = { events: 20_000, seed: 3 };
  const path = file('finished.sctrace');
  const written = writeSynthetic(path, options);

  it('is one file under its final name', () => {
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('finished'))).toEqual([
      'finished.sctrace',
    ]);
  });

  it('holds every row as it was written', () => {
    const trace = TraceDatabase.open(path);
    const rows = SyntheticTrace.rows(options);
    const stored = eventsBySequence(trace, { sequences: rows.map((_, i) => i + 1) });
    trace.close();
    const digest = new Digest();
    const one = createBatch(1);
    rows.forEach((row, i) => {
      const back = {
        timeNs: stored.timeNs[i],
        kind: stored.kind[i],
        cpu: stored.cpu[i],
        lwp: stored.lwp[i],
        object: stored.object[i],
        cause: stored.cause[i],
        oldValue: stored.oldValue[i],
        newValue: stored.newValue[i],
      };
      if (JSON.stringify(back) !== JSON.stringify(row)) expect(back).toEqual(row);
      setTransition(one.columns, 0, row);
      digestEvent(digest, one.columns, 0);
    });
    expect(stored.sequence.length).toBe(rows.length);
    expect(written.digest).toBe(digest.hex());
  });

  it('says what it is', () => {
    const trace = TraceDatabase.open(path);
    const about = summary(trace, { traceId: 't1' });
    trace.close();
    expect(about).toMatchObject({
      traceId: 't1',
      fileName: 'finished.sctrace',
      source: 'emulator',
      complete: true,
      incompleteReason: null,
      events: 20_000,
      digest: written.digest,
      tickNs: 10_000_000,
      hasSchedctl: true,
    });
    expect(about.durationNs).toBe(SyntheticTrace.rows(options).at(-1)!.timeNs);
    expect(about.cpus.map((cpu) => cpu.name)).toEqual(['cpu0', 'cpu1', 'cpu2', 'cpu3']);
    expect(about.lwps).toHaveLength(16);
    expect(about.pages).toEqual([{ id: 0, process: 0, address: 0xfe000000, kind: 0 }]);
  });

  it('is the same whatever the batches and commits were', () => {
    const other = file('other-batches.sctrace');
    const writer = new TraceWriter(other, TEST_SOURCE);
    for (const batch of new SyntheticTrace({ ...options, batchRows: 777 }).batches()) {
      writer.write(batch);
      writer.commit();
    }
    expect(writer.finish({ incompleteReason: null }).digest).toBe(written.digest);
    expect(verifyTrace(other)).toMatchObject({ ok: true, difference: null });
  });
});

describe('a trace that is not finished', () => {
  it('can be ended early and is marked incomplete', () => {
    const path = file('cancelled.sctrace');
    const writer = new TraceWriter(path, TEST_SOURCE);
    for (const batch of new SyntheticTrace({ events: 5000 }).batches()) writer.write(batch);
    writer.finish({ incompleteReason: 'It was cancelled.' });
    const trace = TraceDatabase.open(path);
    expect(trace.meta).toMatchObject({
      complete: false,
      closed: true,
      incompleteReason: 'It was cancelled.',
      events: 5000,
    });
    trace.close();
    expect(verifyTrace(path).ok).toBe(true);
  });

  it('is invisible under its final name, and readable under its other name up to the last commit', () => {
    const path = file('running.sctrace');
    const writer = new TraceWriter(path, TEST_SOURCE);
    const batches = [...new SyntheticTrace({ events: 6000, batchRows: 2000 }).batches()];
    writer.write(batches[0]!);
    writer.commit();
    writer.write(batches[1]!);
    expect(existsSync(path)).toBe(false);
    const trace = TraceDatabase.open(writer.partPath);
    expect(trace.meta).toMatchObject({ complete: false, closed: false, events: 2000 });
    expect(trace.meta.incompleteReason).toBe('The recording was cut off.');
    writer.commit();
    expect(trace.events).toBe(4000);
    trace.close();
    writer.write(batches[2]!);
    writer.finish({ incompleteReason: null });
    expect(existsSync(writer.partPath)).toBe(false);
    expect(verifyTrace(path).ok).toBe(true);
  });

  it('is a trace from the first moment on, without events', () => {
    const writer = new TraceWriter(file('begun.sctrace'), TEST_SOURCE);
    const trace = TraceDatabase.open(writer.partPath);
    expect(trace.meta).toMatchObject({ complete: false, closed: false, events: 0 });
    expect(trace.meta.incompleteReason).toBe('The recording was cut off before its first events were saved.');
    trace.close();
    expect(verifyTrace(writer.partPath)).toMatchObject({ ok: true, events: 0 });
    writer.discard();
  });

  it('keeps the whole trace where its name has been taken meanwhile', () => {
    const path = file('taken.sctrace');
    const writer = new TraceWriter(path, TEST_SOURCE);
    for (const batch of new SyntheticTrace({ events: 1000 }).batches()) writer.write(batch);
    writeFileSync(path, 'of somebody else');
    expect(() => writer.finish({ incompleteReason: null })).toThrowError(
      /taken\.sctrace already exists.* The whole trace is kept in .*taken\.sctrace\.part\./,
    );
    expect(readFileSync(path, 'utf8')).toBe('of somebody else');
    expect(verifyTrace(writer.partPath)).toMatchObject({ ok: true, events: 1000 });
  });

  it('leaves nothing behind when it is discarded', () => {
    const path = file('discarded.sctrace');
    const writer = new TraceWriter(path, TEST_SOURCE);
    writer.discard();
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith('discarded'))).toEqual([]);
  });

  it('is not overwritten by a second recording while it is being recorded', () => {
    const path = file('twice.sctrace');
    const writer = new TraceWriter(path, TEST_SOURCE);
    expect(() => new TraceWriter(path, TEST_SOURCE)).toThrowError(
      expect.objectContaining({ code: 'write-failed', context: { file: writer.partPath } }) as Error,
    );
    expect(() => new TraceWriter(path, TEST_SOURCE, { replace: true })).toThrowError(
      expect.objectContaining({ code: 'busy' }) as Error,
    );
    writer.finish({ incompleteReason: null });
    expect(existsSync(path)).toBe(true);
  });
});

describe('a full disk', () => {
  it('stops the recording with the name of the usable rest', () => {
    const path = file('full.sctrace');
    const writer = new TraceWriter(path, TEST_SOURCE, { maxBytes: 2_000_000 });
    let failure: unknown;
    let accepted = 0;
    try {
      for (const batch of new SyntheticTrace({ events: 200_000 }).batches()) {
        writer.write(batch);
        writer.commit();
        accepted = writer.events;
      }
    } catch (thrown) {
      failure = thrown;
    }
    expect(failure).toBeInstanceOf(WorkbenchError);
    expect(failure).toMatchObject({ code: 'disk-full', context: { file: writer.partPath } });
    expect((failure as Error).message).toContain('full.sctrace.part');
    writer.abandon();
    expect(existsSync(path)).toBe(false);
    expect(accepted).toBeGreaterThan(10_000);
    const trace = TraceDatabase.open(writer.partPath);
    expect(trace.events).toBe(accepted);
    trace.close();
    expect(verifyTrace(writer.partPath)).toMatchObject({ ok: true, events: accepted });
  });

  it('that holds not even the beginning leaves no file, and claims none', () => {
    const path = file('no-room.sctrace');
    for (const maxBytes of [16_384, 400_000]) {
      const record = (): void => {
        const writer = new TraceWriter(path, TEST_SOURCE, { maxBytes });
        try {
          for (const batch of new SyntheticTrace({ events: 20_000 }).batches()) writer.write(batch);
        } finally {
          writer.abandon();
        }
      };
      expect(record).toThrowError(
        expect.objectContaining({
          code: 'disk-full',
          message: expect.not.stringContaining('kept') as string,
        }) as Error,
      );
      expect(existsSync(`${path}.part`)).toBe(false);
    }
  });
});

describe('a recording that is broken off', () => {
  it('is one closed file beside its final name, and leaves what has that name alone', () => {
    const path = file('broken-off.sctrace');
    writeFileSync(path, 'the old one');
    const writer = new TraceWriter(path, TEST_SOURCE, { replace: true });
    for (const batch of new SyntheticTrace({ events: 5000 }).batches()) writer.write(batch);
    const written = writer.finish({ incompleteReason: 'It was cancelled.', brokenOff: true });
    expect(written).toMatchObject({ path: `${path}.part`, events: 5000 });
    expect(readFileSync(path, 'utf8')).toBe('the old one');
    const names = readdirSync(dirname(path)).filter((name) => name.startsWith('broken-off'));
    expect(names.sort()).toEqual(['broken-off.sctrace', 'broken-off.sctrace.part']);
    expect(verifyTrace(written.path)).toMatchObject({ ok: true, events: 5000 });
  });
});

describe('a place that cannot be written', () => {
  it('is named', () => {
    writeFileSync(file('plain'), 'x');
    for (const path of [file('no-such-folder/x.sctrace'), file('plain/x.sctrace')]) {
      expect(() => new TraceWriter(path, TEST_SOURCE)).toThrowError(
        expect.objectContaining({ code: 'unreadable', context: { file: `${path}.part` } }) as Error,
      );
    }
  });
});

describe('a folder in place of the trace', () => {
  it('is refused before anything is recorded', () => {
    mkdirSync(file('folder.sctrace'));
    expect(() => new TraceWriter(file('folder.sctrace'), TEST_SOURCE)).toThrowError('is a folder');
    expect(existsSync(file('folder.sctrace.part'))).toBe(false);
  });
});

describe('rows that no trace can contain', () => {
  it.each([Number.MAX_SAFE_INTEGER + 1, 1e18, Infinity])(
    'are those at %d ns: a file with them would not open',
    (lateNs) => {
      const writer = new TraceWriter(file(`late-${lateNs}.sctrace`), TEST_SOURCE);
      const batch = createBatch(4);
      batch.columns.timeNs.set([0, 5, lateNs]);
      batch.length = 3;
      expect(() => writer.write(batch)).toThrowError(
        /^Event 3 is .* days after the first, but a trace can be at most 104 days long/,
      );
      writer.discard();
    },
  );

  it('are refused', () => {
    const writer = new TraceWriter(file('bad-rows.sctrace'), TEST_SOURCE);
    const batch = createBatch(4);
    batch.columns.timeNs.set([5, 4]);
    batch.length = 2;
    expect(() => writer.write(batch)).toThrowError('time goes backwards at event 2');
    writer.discard();
  });
});
