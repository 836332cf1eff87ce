/** Damaged trace files: opened, asked everything, verified. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { answerQuery } from '#main/workbench/queries/answer-query.ts';
import { recordScenario } from '#main/workbench/make-trace.ts';
import { summary, TraceDatabase } from '#main/store/index.ts';
import { traceQueries, type QueryName } from '#shared/api/contract.ts';
import { requestSamples } from '#shared/api/testing/request-samples.ts';
import { FUZZ, FUZZ_TIMEOUT_MS, survives } from './fuzz.ts';

const SCENARIO = `cpus: 1
duration: 8 ms
locks: { latch: spin }
processes:
  - name: app
    lwps:
      - name: worker
        count: 2
        program:
          - loop: forever
            steps: [compute: 300us, schedctl_start, lock: latch, compute: 50us, unlock: latch, schedctl_stop]
`;
/** The samples of every query, moved to times that this trace has. */
const QUERIES = (Object.keys(traceQueries) as QueryName[]).flatMap((name) =>
  requestSamples[name].map((sample) => [name, { ...sample, ...timesIn(sample) }] as const),
);

function timesIn(sample: object): object {
  if ('startNs' in sample) return { startNs: 0, endNs: 8e6 };
  return 'timeNs' in sample ? { timeNs: 4e6 } : {};
}

let folder: string;
let whole: Buffer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-traces-'));
  const path = join(folder, 'whole.sctrace');
  await recordScenario({ text: SCENARIO, name: 'fuzz.yaml', path }, {});
  whole = readFileSync(path);
});
afterAll(() => rmSync(folder, { recursive: true }));

type Damage =
  | { readonly does: 'overwrite'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly does: 'cut'; readonly at: number }
  | { readonly does: 'repeat'; readonly at: number; readonly length: number };

/** Places are parts of the file's length. Half of them are in the first pages, where the tables are named. */
const place = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 0.02, noNaN: true }),
);
const damage: fc.Arbitrary<Damage> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('overwrite' as const),
      at: place,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cut' as const), at: place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('repeat' as const),
      at: place,
      length: fc.integer({ min: 1, max: 4096 }),
    }),
  },
);

function damaged(damages: readonly Damage[]): Buffer {
  let bytes = Buffer.from(whole);
  for (const one of damages) {
    const at = Math.floor(one.at * bytes.length);
    if (one.does === 'overwrite') bytes.set(one.bytes.subarray(0, bytes.length - at), at);
    else if (one.does === 'cut') bytes = bytes.subarray(0, at);
    else bytes = Buffer.concat([bytes.subarray(0, at + one.length), bytes.subarray(at)]);
  }
  return bytes;
}

test(
  'a damaged trace opens or says what is wrong, and so does every query on it',
  { timeout: FUZZ_TIMEOUT_MS },
  async () => {
    const path = join(folder, 'damaged.sctrace');
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 12 }), async (damages) => {
        writeFileSync(path, damaged(damages));
        await survives(async () => {
          const trace = TraceDatabase.open(path);
          try {
            await survives(() => summary(trace, { traceId: 'fuzz' }));
            for (const [name, params] of QUERIES)
              await survives(() => answerQuery(trace, name, params, { takesNotes: false }));
          } finally {
            trace.close();
          }
        });
      }),
      FUZZ,
    );
  },
);
