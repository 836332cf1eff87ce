/** `node answer.ts FILE`: how fast a process with this trace open answers. Prints an AnswerFigures as JSON. */
import {
  aggregates,
  decisions,
  events,
  highlight,
  lanes,
  nopreemptWindows,
  overview,
  stateAt,
  step,
  summary,
  TraceDatabase,
  wakeups,
} from '#main/store/index.ts';
import { LWPS } from './workload.ts';

export interface AnswerFigures {
  /** Opening, what the window asks first, and the first window of lanes. */
  readonly openMs: number;
  /** The lanes of a window, at any zoom. */
  readonly windowP95Ms: number;
  /** Of a window, what is drawn on the lanes: requests, decisions and wake-ups. */
  readonly pointsP95Ms: number;
  readonly seekP95Ms: number;
  readonly pageP95Ms: number;
  /** Sums over the whole trace. */
  readonly aggregateMs: number;
  /** The most that this process ever had in memory. */
  readonly memoryMb: number;
}

const PIXELS = 1600;
const ROUNDS = 400;
/** The narrowest window is this part of the trace, as a power of ten. */
const DEEPEST_ZOOM = -6;

const path = process.argv[2]!;
const lanesOfAll = Array.from({ length: LWPS }, (_, id) => ({ kind: 'lwp' as const, id }));
const lwpsOfAll = lanesOfAll.map(({ id }) => id);
const random = seeded(1);

const started = performance.now();
const trace = TraceDatabase.open(path);
const { durationNs, events: rows } = summary(trace, { traceId: 'bench' });
overview(trace, { pixels: PIXELS });
const moment = highlight(trace, {}) ?? { startNs: 0, endNs: durationNs };
// As the window does: the moment in its surroundings.
const around = Math.max(1e6, 4 * (moment.endNs - moment.startNs));
const first = { startNs: Math.max(0, moment.startNs - around), endNs: moment.endNs + around };
lanes(trace, { ...first, pixels: PIXELS, lanes: lanesOfAll });
const openMs = performance.now() - started;

const figures: AnswerFigures = {
  openMs,
  windowP95Ms: p95(() => lanes(trace, { ...anyWindow(), lanes: lanesOfAll })),
  pointsP95Ms: p95(() => {
    const window = { ...anyWindow(), lwps: lwpsOfAll };
    nopreemptWindows(trace, window);
    decisions(trace, window);
    wakeups(trace, window);
  }),
  seekP95Ms: p95(() => stateAt(trace, { timeNs: random() * durationNs })),
  pageP95Ms: p95((round) => {
    const fromSequence = Math.floor(random() * rows);
    if (round % 3 === 0) events(trace, { timeNs: random() * durationNs, before: 50, after: 50 });
    else step(trace, { fromSequence, direction: round % 3 === 1 ? 'next' : 'previous', what: 'decision' });
  }),
  aggregateMs: time(() => aggregates(trace, { startNs: 0, endNs: durationNs })),
  memoryMb: process.resourceUsage().maxRSS / 1e3,
};
trace.close();
console.log(JSON.stringify(figures));

function anyWindow(): { readonly startNs: number; readonly endNs: number; readonly pixels: number } {
  const width = durationNs * 10 ** (DEEPEST_ZOOM * random());
  const startNs = random() * (durationNs - width);
  return { startNs, endNs: startNs + width, pixels: PIXELS };
}

function time(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function p95(run: (round: number) => void): number {
  const taken = Array.from({ length: ROUNDS }, (_, round) => time(() => run(round))).sort((a, b) => a - b);
  return taken[Math.floor(ROUNDS * 0.95)]!;
}

function seeded(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) | 0;
    return (x >>> 0) / 2 ** 32;
  };
}
