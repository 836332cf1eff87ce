/** findings TRACE: what went wrong, the costliest first; with --fail-on a gate. */
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { WorkbenchError } from '#shared/base/errors.ts';
import { SEVERITIES, type Finding, type Findings, type Severity } from '#shared/model/findings.ts';
import { cancelOnSignal } from '../cancel-on-signal.ts';
import { examples } from '../examples.ts';
import { printJson, printLines, tell } from '../output.ts';
import { ProgressLine } from '../progress.ts';
import { showTime } from '../times.ts';

interface FindingsFlags {
  readonly json?: true;
  readonly minSeverity?: Severity;
  readonly only?: readonly string[];
  readonly set?: readonly string[];
  readonly failOn?: Severity;
  readonly locks?: string;
}

/** @param onFound is called where a finding is as severe as --fail-on says */
export function findingsCommand(onFound: () => void): Command {
  return new Command('findings')
    .summary('what went wrong in a trace, the costliest first')
    .description(
      'Lists what went wrong in a trace with its cost in time of threads: lock holders that lost their CPU, convoys, threads that ran late. ' +
        'The trace is a .sctrace, a scenario, which is run, or any text that import reads. With --fail-on the exit code is 1 where a ' +
        'finding is as severe as that, so that a build can depend on it.',
    )
    .argument('<trace>', "trace file (.sctrace), scenario, or another tool's trace")
    .addOption(new Option('--min-severity <severity>', 'list nothing less severe').choices(SEVERITIES))
    .option('--only <ids>', 'list these only: lock-convoy,late-run', (text: string) => text.split(','))
    .option(
      '--set <threshold=value>',
      'another threshold than the default, such as late-run.latency=20ms; can be given more than once',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 where a finding is as severe').choices(SEVERITIES),
    )
    .option('--locks <file>', 'lock log of the same run (CSV, plain or gzip), for a trace that is imported')
    .option('--json', 'print the findings as JSON: see findings.schema.json')
    .addHelpText(
      'after',
      examples(
        'findings convoy.sctrace',
        'findings traces/scenarios/lock-convoy.yaml --only lock-convoy --set lock-convoy.waiters=5',
        'findings ftrace.txt.gz --locks locklog.csv --min-severity medium --json',
        'findings nightly.sctrace --fail-on high',
      ),
    )
    .action(async (source: string, flags: FindingsFlags) => {
      const { DETECTORS, findingsOf, parseThreshold } = await import('#main/workbench/findings.ts');
      const { openAny } = await import('#main/workbench/open-any.ts');
      const ids = DETECTORS.map(({ id }) => id);
      const unknown = flags.only?.find((id) => !ids.includes(id));
      if (unknown !== undefined) {
        throw new WorkbenchError('usage', `"${unknown}" is not a detector; there are ${ids.join(', ')}.`);
      }
      const thresholds = Object.fromEntries((flags.set ?? []).map((text) => parseThreshold(text, DETECTORS)));
      const line = new ProgressLine();
      try {
        const locks = flags.locks === undefined ? undefined : resolve(flags.locks);
        const { all, warnings } = await cancelOnSignal(async (signal) => {
          const progress = (fraction: number | null): void =>
            line.update(() => `reading${fraction === null ? '' : `, ${Math.round(fraction * 100)} %`}`);
          const opened = await openAny(
            { path: resolve(source), locks },
            { signal, onProgress: ({ fraction }) => progress(fraction) },
          );
          try {
            const options = { thresholds, signal, onProgress: progress };
            return { all: findingsOf(opened.trace, options), warnings: opened.warnings };
          } finally {
            opened.trace.close();
          }
        });
        line.clear();
        for (const warning of warnings) tell(`note: ${warning}`);
        const shown = restricted(all, flags);
        if (flags.json) {
          const { findingsJson } = await import('#main/findings/findings-json.ts');
          await printJson(findingsJson(shown));
        } else await printLines(describe(shown));
        if (flags.failOn !== undefined && shown.findings.some(isAsSevere(flags.failOn))) onFound();
      } finally {
        line.clear();
      }
    });
}

const isAsSevere =
  (least: Severity) =>
  ({ severity }: Finding): boolean =>
    SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);

/** What was asked for; the ledger is that of the whole trace. */
function restricted(all: Findings, { only, minSeverity = 'info' }: FindingsFlags): Findings {
  const isWanted = ({ id }: { readonly id: string }): boolean => only === undefined || only.includes(id);
  return {
    ...all,
    findings: all.findings.filter((finding) => isWanted(finding) && isAsSevere(minSeverity)(finding)),
    totals: all.totals.filter(isWanted),
    notObservable: all.notObservable.filter(isWanted),
  };
}

function describe({ findings, totals, notObservable, ledger }: Findings): string[] {
  const counted = (count: number): string => `${count} ${count === 1 ? 'finding' : 'findings'}`;
  const left = totals.filter(({ count, listed }) => count > listed);
  return [
    findings.length === 0 ? 'nothing found' : counted(findings.length),
    ...findings.flatMap(({ severity, id, summary, costNs, startNs, endNs, doubt }) => [
      '',
      `${severity}  ${id}  ${showTime(costNs)}`,
      `  ${summary}`,
      `  from ${showTime(startNs)} to ${showTime(endNs)}${doubt === null ? '' : ` (${doubt})`}`,
    ]),
    ...(left.length === 0 ? [] : ['']),
    ...left.map(
      ({ id, count, listed }) => `${id}: ${counted(count)} in all, the ${listed} costliest are listed`,
    ),
    '',
    `threads waited ${showTime(ledger.waitedNs)} altogether:`,
    ...ledger.causes.map(({ id, ns }) => `  ${showTime(ns)} explained by ${id}`),
    `  ${showTime(ledger.unexplainedNs)} explained by nothing`,
    ...(notObservable.length === 0 ? [] : ['', 'not observable in this trace:']),
    ...notObservable.map(({ id, because }) => `  ${id}: ${because}`),
  ];
}
