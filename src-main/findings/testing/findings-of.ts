/**
 * Runs a scenario of the scenario language and looks for findings in it: for tests of detectors. No file is written.
 */
import type { Finding, Findings } from '#shared/model/findings.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { Emulator } from '../../emulator/engine/emulator.ts';
import { parseScenario } from '../../scenario/parse-scenario.ts';
import { Derivation } from '../../store/derive/derivation.ts';
import type { Detector } from '../detector.ts';
import { DETECTORS } from '../detectors/index.ts';
import { FindingsPass } from '../pass.ts';
import type { ThresholdValues } from '../thresholds.ts';

const NS_PER_S = 1e9;

export interface FindingsOfOptions {
  readonly thresholds?: ThresholdValues;
  readonly detectors?: readonly Detector[];
}

/** @param scenario YAML, as `record` takes it */
export function findingsOf(scenario: string, options: FindingsOfOptions = {}): Findings {
  const plan = parseScenario(scenario, 'test.yaml');
  const pass = new FindingsPass({ source: 'emulator', tickNs: NS_PER_S / plan.hz }, options);
  const derivation = new Derivation({}, pass);
  const probe = new TransitionProbe();
  const emulator = new Emulator(plan, { probe });
  const take = (): void => {
    for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) {
      derivation.addBatch(batch);
    }
  };
  while (emulator.advance() !== 'done') take();
  take();
  derivation.addBatch(probe.takeLast());
  derivation.router.finish();
  return pass.result();
}

/** Findings of one detector. */
export function found(scenario: string, id: string, options: FindingsOfOptions = {}): readonly Finding[] {
  if (!DETECTORS.some((detector) => detector.id === id)) throw new Error(`there is no detector ${id}`);
  return findingsOf(scenario, options).findings.filter((finding) => finding.id === id);
}
