/** From scheduling classes and dispatch tables as they are written to their plans. */
import type { ClassChangePlan, ClassPlan, DispatchTablePlan } from '../emulator/plan.ts';
import type { Durations } from './build-durations.ts';
import type { BuildReport } from './build-report.ts';
import type { ClassText, ScenarioText } from './schema.ts';
import { SIGNAL_NUMBERS } from './signal-names.ts';
import type { ValuePath } from './yaml-source.ts';

/** sys/fx.h and rt.h: FX_TQINF and FX_TQDEF. */
const QUANTUM_INFINITE = -2;
const QUANTUM_DEFAULT = -3;

export class Classes {
  private readonly report: BuildReport;
  private readonly durations: Durations;

  constructor(report: BuildReport, durations: Durations) {
    this.report = report;
    this.durations = durations;
  }

  plan(text: ClassText | undefined, path: ValuePath): ClassPlan {
    const given =
      text === undefined ? { name: 'TS' as const } : typeof text === 'string' ? { name: text } : text;
    switch (given.name) {
      case 'TS':
      case 'FSS':
      case 'IA': {
        const upri = ('upri' in given ? given.upri : undefined) ?? 0;
        const uprilim = ('uprilim' in given ? given.uprilim : undefined) ?? Math.max(upri, 0);
        this.checkLimit(upri, uprilim, path);
        if (given.name !== 'IA') return { name: given.name, upri, uprilim };
        const interactive = ('interactive' in given ? given.interactive : undefined) ?? true;
        return { name: 'IA', upri, uprilim, interactive };
      }
      case 'FX': {
        const upri = ('upri' in given ? given.upri : undefined) ?? 0;
        const uprilim = ('uprilim' in given ? given.uprilim : undefined) ?? upri;
        this.checkLimit(upri, uprilim, path);
        return { name: 'FX', upri, uprilim, quantumNs: this.quantumOf(given) };
      }
      case 'RT': {
        const pri = ('pri' in given ? given.pri : undefined) ?? 0;
        const quantumSignal = 'quantum_signal' in given ? given.quantum_signal : undefined;
        return {
          name: 'RT',
          pri,
          quantumNs: this.quantumOf(given),
          ...(quantumSignal === undefined ? {} : { quantumSignal: SIGNAL_NUMBERS[quantumSignal] }),
        };
      }
    }
  }

  /** What priocntl(2) is asked for: parameters that are named; one above its limit takes the limit along. */
  change(text: ClassText, path: ValuePath): ClassChangePlan {
    if (typeof text === 'string') return { name: text };
    // Reports what is wrong with them.
    this.plan(text, path);
    if (text.name === 'RT') {
      const { pri, quantum, quantum_signal } = text;
      return {
        name: 'RT',
        ...(pri === undefined ? {} : { pri }),
        ...(quantum === undefined ? {} : { quantumNs: this.quantumOf(text) }),
        ...(quantum_signal === undefined ? {} : { quantumSignal: SIGNAL_NUMBERS[quantum_signal] }),
      };
    }
    const { upri } = text;
    const uprilim = text.uprilim ?? (upri === undefined ? undefined : Math.max(upri, 0));
    return {
      name: text.name,
      ...(upri === undefined ? {} : { upri }),
      ...(uprilim === undefined ? {} : { uprilim }),
      ...('quantum' in text && text.quantum !== undefined ? { quantumNs: this.quantumOf(text) } : {}),
      ...('interactive' in text && text.interactive !== undefined ? { interactive: text.interactive } : {}),
    };
  }

  private checkLimit(upri: number, uprilim: number, path: ValuePath): void {
    if (upri <= uprilim) return;
    this.report.problem(path, `found upri ${upri} above uprilim ${uprilim}, expected at most uprilim`);
  }

  private quantumOf(given: object): number {
    if (!('quantum' in given) || given.quantum === undefined) return QUANTUM_DEFAULT;
    if (given.quantum === 'infinite') return QUANTUM_INFINITE;
    return this.durations.ns(given.quantum as string | number);
  }
}

export function dispatchTablePlan(text: ScenarioText['dispatch_table']): DispatchTablePlan {
  if (text === undefined || text === 'default') return { kind: 'default' };
  if (text === 'server') return { kind: 'server' };
  const rows = text.map(([quantum, tqexp, slpret, maxwait, lwait]) => ({
    quantum,
    tqexp,
    slpret,
    maxwait,
    lwait,
  }));
  return { kind: 'custom', rows };
}
