/** Names of LWPs and processes: those that will exist at some time, and those that something refers to. */
import type { BuildReport } from './build-report.ts';
import type { ValuePath } from './yaml-source.ts';

type Named = 'LWP' | 'process';

export class DeclaredNames {
  private readonly declared = { LWP: new Set<string>(), process: new Set<string>() };
  private readonly references: { kind: Named; name: string; path: ValuePath }[] = [];
  private readonly report: BuildReport;

  constructor(report: BuildReport) {
    this.report = report;
  }

  declare(kind: Named, name: string): void {
    this.declared[kind].add(name);
  }

  refer(kind: Named, name: string, path: ValuePath): void {
    this.references.push({ kind, name, path });
  }

  /** Reports names that nothing will ever have; LWPs of arrivals are numbered as they come. */
  check(arrivals: readonly string[]): void {
    for (const { kind, name, path } of this.references) {
      const isArrival = kind === 'LWP' && arrivals.some((arrival) => name.startsWith(`${arrival} `));
      if (this.declared[kind].has(name) || isArrival) continue;
      const what = kind === 'LWP' ? 'an LWP' : 'a process';
      this.report.problem(path, `found "${name}", expected the name of ${what}`);
    }
  }
}
