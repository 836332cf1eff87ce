/**
 * `npm run bench:findings`: runs random plans with a fault put in, and well-behaved ones, and compares what is found
 * with the truth from the emulator's own rows: recall and precision of each detector, agreement of costs, and how fast
 * the pass is.
 */
import { parseArgs } from 'node:util';
import { Emulator } from '#main/emulator/engine/emulator.ts';
import { FindingsPass } from '#main/findings/pass.ts';
import { parseScenario } from '#main/scenario/parse-scenario.ts';
import { Derivation } from '#main/store/derive/derivation.ts';
import type { Finding } from '#shared/model/findings.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { faultPlan, goodPlan } from './findings-plans.ts';
import { Truth, type HoldTruth } from './findings-truth.ts';
import { scenarioOf } from './workload.ts';

const { values } = parseArgs({
  options: {
    plans: { type: 'string', default: '240' },
    events: { type: 'string', default: '1000000' },
    json: { type: 'boolean' },
  },
});

interface Score {
  hits: number;
  missed: number;
  wrong: number;
}
const scores = new Map<string, Score>();
const scoreOf = (id: string): Score => {
  const score = scores.get(id) ?? { hits: 0, missed: 0, wrong: 0 };
  scores.set(id, score);
  return score;
};
let worstCostError = 0;

const plans = Number(values.plans);
let good = 0;
for (let number = 0; number < plans; number++) judge(faultPlan(number).text);
for (let number = 0; number < 100; number++) {
  const { findings } = run(goodPlan(number).text);
  if (findings.every(({ severity }) => severity === 'low' || severity === 'info')) good++;
}
const figures = {
  plans,
  recall: Object.fromEntries([...scores].map(([id, { hits, missed }]) => [id, ratio(hits, hits + missed)])),
  precision: Object.fromEntries([...scores].map(([id, { hits, wrong }]) => [id, ratio(hits, hits + wrong)])),
  cases: Object.fromEntries([...scores].map(([id, { hits, missed }]) => [id, hits + missed])),
  worstCostError: Number(worstCostError.toPrecision(3)),
  wellBehavedOf100: good,
  ...speed(Number(values.events)),
};
console.log(JSON.stringify(figures, null, 2));

/** By hold where the truth is one of holds, by plan where it is one of the whole run. */
function judge(text: string): void {
  const { findings, truth } = run(text);
  compare(
    'lock-holder-preempted',
    findings,
    truth.holds,
    ({ preemptedNs }) => preemptedNs,
    ({ costNs }) => costNs,
  );
  compare(
    'holder-blocked',
    findings,
    truth.holds,
    ({ asleepNs }) => asleepNs,
    ({ costNs }) => costNs,
  );
  compare(
    'spin-behind-off-cpu-holder',
    findings,
    truth.holds,
    ({ spunNs }) => spunNs,
    ({ spinNs }) => spinNs,
  );
  whole('deadlock', findings, truth.hasDeadlock);
  whole('request-leaked', findings, truth.leaked > 0);
}

function whole(id: string, findings: readonly Finding[], isThere: boolean): void {
  const isFound = findings.some((finding) => finding.id === id);
  const score = scoreOf(id);
  if (isFound && isThere) score.hits++;
  else if (isThere) score.missed++;
  else if (isFound) score.wrong++;
}

function compare(
  id: string,
  findings: readonly Finding[],
  holds: readonly HoldTruth[],
  trueNs: (hold: HoldTruth) => number,
  foundNs: (finding: Finding) => number,
): void {
  const score = scoreOf(id);
  const found = new Map(
    findings.filter((finding) => finding.id === id).map((finding) => [keyOf(finding), finding]),
  );
  for (const hold of holds) {
    const ns = trueNs(hold);
    if (ns === 0) continue;
    const key = `${hold.lock} ${hold.lwp} ${hold.startNs}`;
    const finding = found.get(key);
    if (finding === undefined) score.missed++;
    else {
      score.hits++;
      worstCostError = Math.max(worstCostError, Math.abs(foundNs(finding) - ns) / ns);
    }
    found.delete(key);
  }
  score.wrong += found.size;
}

/** Lock, holder and start of the hold that a finding is about. */
function keyOf({ subjects, evidence }: Finding): string {
  const lock = subjects.find(({ kind }) => kind === 'sync')!.id;
  const holder = subjects.find(({ role, kind }) => role === 'cause' && kind === 'lwp')!.id;
  return `${lock} ${holder} ${evidence.find(({ what }) => what === 'held')!.startNs}`;
}

function run(text: string): { readonly findings: readonly Finding[]; readonly truth: Truth } {
  const plan = parseScenario(text, 'bench.yaml');
  const pass = new FindingsPass({ source: 'emulator', tickNs: 1e9 / plan.hz });
  const derivation = new Derivation({}, pass);
  const truth = new Truth();
  for (const batch of emulated(text)) {
    derivation.addBatch(batch);
    truth.add(batch);
  }
  derivation.router.finish();
  truth.finish(derivation.router.nowNs);
  return { findings: pass.result().findings, truth };
}

function emulated(text: string): TransitionBatch[] {
  const probe = new TransitionProbe();
  const emulator = new Emulator(parseScenario(text, 'bench.yaml'), { probe });
  const batches: TransitionBatch[] = [];
  for (let done = false; !done;) {
    done = emulator.advance() === 'done';
    for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) batches.push(batch);
  }
  return [...batches, probe.takeLast()];
}

/** What the pass adds to deriving. */
function speed(events: number): { readonly nsAnEvent: number; readonly shareOfDeriving: number } {
  const batches = emulated(scenarioOf(events));
  const rows = batches.reduce((sum, { length }) => sum + length, 0);
  const time = (pass: FindingsPass | null): number => {
    const derivation = new Derivation({}, pass);
    // CPU time: what else the machine does must not count.
    const start = process.cpuUsage();
    for (const batch of batches) {
      derivation.addBatch(batch);
      derivation.reuse(derivation.take());
    }
    derivation.finish();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  time(null);
  const without = Math.min(time(null), time(null));
  const withPass = Math.min(...[0, 1].map(() => time(new FindingsPass({ source: 'emulator', tickNs: 1e7 }))));
  return {
    nsAnEvent: Number((((withPass - without) * 1e6) / rows).toPrecision(3)),
    shareOfDeriving: ratio(withPass - without, without),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 1 : Number((part / whole).toPrecision(4));
}
