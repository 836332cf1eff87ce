/** What a trace without schedctl data says about that: one place, so that every panel says the same. */
import type { TraceSummary } from '#shared/api/contract.ts';

type Source = Pick<TraceSummary, 'source'>;

/** Whether the kernel's own fields are in the trace: queues, class data, dispatch priorities. */
export const isEmulated = ({ source }: Source): boolean => source === 'emulator';

/** Why there is no shared page, as a title and a sentence. */
export function noSchedctlText(trace: Source): { readonly title: string; readonly text: string } {
  return isEmulated(trace)
    ? {
        title: 'No LWP uses schedctl here',
        text: 'No LWP of this scenario called schedctl_init(), so none has a slot on a shared page and the dispatcher had no request to consider.',
      }
    : {
        title: 'No schedctl data in this trace',
        text: `${sourceName(trace)} records switches and wake-ups but not the shared page. The timeline and this panel still show what ran, what waited, and why.`,
      };
}

/** What the trace came from, at the start of a sentence. Which format it is, an import writes down at its end. */
const sourceName = ({ source }: Source): string => (source === 'import' ? 'The source' : source);

/** Charts that some traces have nothing for. */
export type MissingChart = 'cpu' | 'queues' | 'slots' | 'updates' | 'decisions';

const IMPORTED: Readonly<Record<MissingChart, string>> = {
  cpu: 'has no CPUs',
  queues: 'has no run-queue lengths',
  slots: 'carries no schedctl pages',
  updates: 'has no sc_cpu field',
  decisions: 'has no preemption-control decisions',
};
const EMULATED: Readonly<Record<MissingChart, string>> = {
  cpu: 'there are no CPUs',
  queues: 'there are no queues',
  slots: 'no slot is in use',
  updates: 'no sc_cpu is updated',
  decisions: 'there was nothing to decide',
};

/** What stands in place of a chart. */
export function missingChartText(trace: Source, chart: MissingChart): string {
  return isEmulated(trace)
    ? `No LWP of this scenario called schedctl_init(): ${EMULATED[chart]}.`
    : `This trace was imported from ${trace.source} and ${IMPORTED[chart]}.`;
}
