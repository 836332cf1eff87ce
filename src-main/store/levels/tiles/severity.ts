/** Which of several things stands for all where there is room for one only: the worst. */
import { DECISION, WINDOW_END } from '#shared/model/enums.ts';

const rank = (worstFirst: readonly number[]): Uint8Array => {
  const ranks = new Uint8Array(256);
  worstFirst.forEach((value, index) => (ranks[value] = worstFirst.length - index));
  return ranks;
};

/** Severity by DECISION value; higher is worse. */
export const DECISION_SEVERITY = rank([
  DECISION.forced,
  DECISION.failsafe,
  DECISION.aborted,
  DECISION.endedByCall,
  DECISION.deferredAtPreempt,
  DECISION.deferredAtTick,
  DECISION.yielded,
  DECISION.updateSkipped,
]);

/** Severity by WINDOW_END value; higher is worse. */
export const WINDOW_SEVERITY = rank([
  WINDOW_END.forced,
  WINDOW_END.overrun,
  WINDOW_END.abandoned,
  WINDOW_END.aborted,
  WINDOW_END.endedByCall,
  WINDOW_END.honoured,
  WINDOW_END.open,
  WINDOW_END.unused,
]);
