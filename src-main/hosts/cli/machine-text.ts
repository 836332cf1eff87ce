/** The machine's state for people: what each CPU runs, what each thread does, whose slots say what. */
import { NONE } from '#shared/base/none.ts';
import { LANE_STATE, nameOf, OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { laneStateOf } from '#shared/model/lane-state.ts';
import { threadWords } from '#shared/model/thread-words.ts';
import type { TraceSummary } from '#shared/api/contract.ts';
import { fieldOf, type MachineFacts } from './machine-facts.ts';
import { table } from './output.ts';
import { showTime } from './times.ts';

/**
 * @param askedNs the time that was asked for; the facts tell the time of the last transition before it
 * @param trace whose source has the words, and whose end may be before that time
 */
export function describeMachine(
  askedNs: number,
  trace: Pick<TraceSummary, 'source' | 'durationNs'>,
  facts: MachineFacts,
): string[] {
  const words = threadWords(trace.source);
  const lwpName = (id: number): string => {
    const lwp = facts.lwps[id];
    const process = lwp && facts.processes[lwp.process];
    return lwp === undefined ? `${words.one} ${id}` : `${lwp.name} (${process?.pid ?? '?'}/${lwp.lwpNumber})`;
  };
  // Counted from the threads: an imported trace has no run queues of its own.
  const waiting = new Map<number, number>();
  for (const { fields } of facts.lwps) {
    if (fieldOf(fields, 't_state') !== TS.RUN || fieldOf(fields, 'lwp_alive') !== 1) continue;
    if (fieldOf(fields, 'off_cpu_reason') === OFF_CPU_REASON.unknown) continue;
    const cpu = fieldOf(fields, 't_cpu');
    waiting.set(cpu, (waiting.get(cpu) ?? 0) + 1);
  }
  const cpus = facts.cpus.map(({ id, name, fields }) => {
    const running = fieldOf(fields, 'cpu_dispthread');
    return [name, running === NONE ? 'idle' : lwpName(running), waiting.get(id) ?? 0];
  });
  const lwps = facts.lwps
    .filter(({ fields }) => fieldOf(fields, 'lwp_alive') === 1)
    .map(({ id, fields }) => [
      lwpName(id),
      stateText(fields),
      fieldOf(fields, 't_cpu') === NONE ? '' : fieldOf(fields, 't_cpu'),
      fieldOf(fields, 't_pri'),
    ]);
  const slots = facts.slots.map(({ page, index, bytes, fields }) => {
    const holder = fieldOf(fields, 'slot_lwp');
    return [page, index, holder === NONE ? 'free' : lwpName(holder), bytes ?? rseqText(fields)];
  });
  const isRseq = facts.slots.some(({ bytes }) => bytes === null);
  const parts = [
    [
      `At ${showTime(askedNs)}${askedNs > trace.durationNs ? `, after the end of the trace` : ''}: after event ${facts.sequence} at ${showTime(facts.timeNs)}, digest ${facts.digest}`,
    ],
    table(['CPU', 'runs', 'waiting'], cpus),
    lwps.length === 0 ? [`No ${words.many}.`] : table([words.one, 'state', 'CPU', 'priority'], lwps),
    ...(slots.length === 0
      ? []
      : [table(['page', 'slot', 'held by', isRseq ? 'rseq area' : 'sc_shared_t'], slots)]),
  ];
  return parts.flatMap((part, at) => (at === 0 ? part : ['', ...part]));
}

/** What is known of an rseq area, by the names of linux/rseq.h. */
function rseqText(fields: MachineFacts['slots'][number]['fields']): string {
  return fieldOf(fields, 'sc_nopreempt') === 0 ? 'slice_ctrl.granted 0' : 'slice_ctrl.granted 1';
}

function stateText(fields: MachineFacts['lwps'][number]['fields']): string {
  const reason = fieldOf(fields, 'off_cpu_reason');
  const state = laneStateOf(fieldOf(fields, 't_state'), reason, fieldOf(fields, 'user_spin'), 1);
  const name = nameOf(LANE_STATE, state);
  const why = nameOf(OFF_CPU_REASON, reason);
  const isOnCpu = state === LANE_STATE.running || state === LANE_STATE.spinning;
  return isOnCpu || reason === OFF_CPU_REASON.none || why === name ? name : `${name} (${why})`;
}
