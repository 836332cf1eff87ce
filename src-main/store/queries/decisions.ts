/** `trace.decisions`: decisions of preemption control. */
import type { DecisionColumns } from '#shared/api/contract.ts';
import { SeriesReader } from '../pyramid/reader.ts';
import { DECISION_LAYOUT, FAN_OUT, SERIES, type DecisionNodes } from '../pyramid/series.ts';
import { DECISION_SEVERITY } from '../pyramid/severity.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { QueryParams } from './params.ts';

interface Mark {
  readonly sequence: number;
  readonly timeNs: number;
  readonly lwp: number;
  readonly cpu: number;
  readonly outcome: number;
  readonly place: number;
  readonly timeleft: number;
  readonly without: number;
  count: number;
}

/** In order of sequence; one for each pixel of each LWP at most, the most severe with the count of all. */
export function decisions(trace: TraceDatabase, params: QueryParams<'trace.decisions'>): DecisionColumns {
  return trace.guard(() => {
    const pixelNs = Math.max(0, (params.endNs - params.startNs) / params.pixels);
    const marks: Mark[] = [];
    for (const lwp of params.lwps ?? lwpsWithDecisions(trace)) {
      let pixelNow = NaN;
      const add = (nodes: DecisionNodes, row: number, level: number, startNs: number): void => {
        const timeNs = level === 0 ? startNs : nodes.time[row]!;
        if (timeNs < params.startNs || timeNs > params.endNs) return;
        const pixel = Math.floor((startNs - params.startNs) / pixelNs);
        const count = FAN_OUT ** level;
        const mark: Mark = {
          sequence: nodes.sequence[row]!,
          timeNs,
          lwp,
          cpu: nodes.cpu[row]!,
          outcome: nodes.outcome[row]!,
          place: nodes.place[row]!,
          timeleft: nodes.timeleft[row]!,
          without: nodes.without[row]!,
          count,
        };
        const last = marks.at(-1);
        if (pixel !== pixelNow || last === undefined) {
          marks.push(mark);
        } else if (DECISION_SEVERITY[mark.outcome]! > DECISION_SEVERITY[last.outcome]!) {
          mark.count += last.count;
          marks[marks.length - 1] = mark;
        } else {
          last.count += count;
        }
        pixelNow = pixel;
      };
      SeriesReader.find(trace, DECISION_LAYOUT, SERIES.decisions, lwp)?.visit(
        params.startNs,
        params.endNs,
        pixelNs,
        add,
      );
    }
    marks.sort((a, b) => a.sequence - b.sequence);
    return {
      sequence: Float64Array.from(marks, (mark) => mark.sequence),
      timeNs: Float64Array.from(marks, (mark) => mark.timeNs),
      lwp: Int32Array.from(marks, (mark) => mark.lwp),
      cpu: Int16Array.from(marks, (mark) => mark.cpu),
      outcome: Uint8Array.from(marks, (mark) => mark.outcome),
      place: Uint16Array.from(marks, (mark) => mark.place),
      timeleft: Int32Array.from(marks, (mark) => mark.timeleft),
      without: Uint8Array.from(marks, (mark) => mark.without),
      count: Int32Array.from(marks, (mark) => mark.count),
    };
  });
}

function lwpsWithDecisions(trace: TraceDatabase): number[] {
  return trace.cached('lwpsWithDecisions', () => {
    const rows = trace
      .prepare('SELECT object FROM series WHERE kind = ? ORDER BY object')
      .all(SERIES.decisions);
    return (rows as [number][]).map(([lwp]) => lwp);
  });
}
