/**
 * Decisions of preemption control in words: the place, the values that were compared, the branch taken and
 * what it led to (schedctl facts: ts_tick, ts_preempt, ts_update, ts_yield and their FX and FSS siblings).
 */
import { SC_MAX_TICKS } from '#shared/model/sc-shared.ts';
import type { CauseId } from '#shared/base/brands.ts';
import { CAUSE, CAUSE_NAMES, isSliceExtension } from '#shared/model/causes.ts';
import { DECISION, WITHOUT_NOPREEMPT, type Decision } from '#shared/model/enums.ts';
import { UNKNOWN_VALUE } from '#shared/model/kinds.ts';

export type GlyphShape = 'openTriangle' | 'ring' | 'square' | 'triangle' | 'diamond' | 'cross' | 'dashedRing';

export interface DecisionLook {
  readonly name: string;
  readonly shape: GlyphShape;
  /** Token of its colour, without the leading dashes. */
  readonly token: string;
}

/** In order of severity, the mildest first: where several fall together, the last stands for them. */
export const DECISION_LOOKS: Readonly<Record<Decision, DecisionLook>> = {
  [DECISION.updateSkipped]: { name: 'update skipped', shape: 'dashedRing', token: 'oc-skip' },
  [DECISION.deferredAtTick]: { name: 'deferred at tick', shape: 'ring', token: 'oc-deftick' },
  [DECISION.deferredAtPreempt]: { name: 'deferred at preemption', shape: 'square', token: 'oc-defpre' },
  [DECISION.yielded]: { name: 'yielded', shape: 'triangle', token: 'oc-yield' },
  [DECISION.failsafe]: { name: 'failsafe', shape: 'diamond', token: 'oc-failsafe' },
  [DECISION.forced]: { name: 'forced off', shape: 'cross', token: 'oc-forced' },
  [DECISION.aborted]: { name: 'ended by another system call', shape: 'openTriangle', token: 'oc-failsafe' },
  [DECISION.endedByCall]: { name: 'ended by a system call', shape: 'openTriangle', token: 'oc-yield' },
};

/** Decisions in the order in which legends list them. */
export const DECISION_ORDER: readonly Decision[] = [
  DECISION.deferredAtTick,
  DECISION.deferredAtPreempt,
  DECISION.yielded,
  DECISION.failsafe,
  DECISION.forced,
  DECISION.updateSkipped,
  DECISION.aborted,
  DECISION.endedByCall,
];

/** Those of a system, for its legend. */
export const decisionsOf = (isLinux: boolean): readonly Decision[] =>
  DECISION_ORDER.filter((decision) => (isLinux ? LINUX_NAMES : ILLUMOS_DECISIONS).has(decision));

const ILLUMOS_DECISIONS: ReadonlySet<number> = new Set([
  DECISION.deferredAtTick,
  DECISION.deferredAtPreempt,
  DECISION.yielded,
  DECISION.failsafe,
  DECISION.forced,
  DECISION.updateSkipped,
]);

/** What the outcomes are called where preemption control is that of Linux. */
const LINUX_NAMES: ReadonlyMap<number, string> = new Map([
  [DECISION.deferredAtPreempt, 'extension granted'],
  [DECISION.yielded, 'extension yielded'],
  [DECISION.forced, 'expired or revoked'],
  [DECISION.aborted, 'another call'],
  [DECISION.endedByCall, 'unknown call'],
]);

/** Name of an outcome in a legend. */
export const outcomeName = (outcome: number, isLinux: boolean): string =>
  (isLinux ? LINUX_NAMES.get(outcome) : undefined) ?? decisionName(outcome);

/** Names of what functions of the time slice extension decide. */
const SLICE_NAMES: ReadonlyMap<number, string> = new Map([
  [CAUSE.rseq_grant_slice_extension, 'extension granted'],
  [CAUSE.sys_rseq_slice_yield, 'extension yielded'],
  [CAUSE.rseq_slice_expired, 'extension expired'],
  [CAUSE.rseq_slice_revoked, 'extension revoked'],
]);

const isDecision = (value: number): value is Decision => value in DECISION_LOOKS;

export const decisionLook = (outcome: number): DecisionLook | null =>
  isDecision(outcome) ? DECISION_LOOKS[outcome] : null;

/** @param place cause of the function that decided, where it is known */
export const decisionName = (outcome: number, place = -1): string =>
  SLICE_NAMES.get(place) ?? decisionLook(outcome)?.name ?? `outcome ${outcome}`;

/** Whether a decision compared ticks, and the trace has them. */
export const isTimeleftKnown = (place: CauseId, timeleft: number): boolean =>
  timeleft !== UNKNOWN_VALUE && !isSliceExtension(place);

/** A row of kind `decision`. */
export interface DecisionRow {
  readonly outcome: number;
  /** Cause id: the function that decided. */
  readonly place: CauseId;
  /** The timeleft that was compared, in ticks; UNKNOWN_VALUE where the source does not tell it. */
  readonly timeleft: number;
  /** WITHOUT_NOPREEMPT of enums.ts. */
  readonly without: number;
}

export interface DecisionText {
  readonly title: string;
  /** Kernel function that decided. */
  readonly place: string;
  /** What was compared; null where nothing was, or the trace does not have it. */
  readonly test: DecisionTest | null;
  /** What followed for the thread, one sentence. */
  readonly effect: string;
  /** What would have happened without the request, one sentence; '' where it makes no difference. */
  readonly without: string;
}

export interface DecisionTest {
  /** `timeleft -2 > -2`: the test with the values in place of the names. */
  readonly comparison: string;
  readonly holds: boolean;
  /** What the branch did, to stand after "so". */
  readonly branch: string;
}

const WITHOUT_TEXT: Readonly<Record<number, string>> = {
  [WITHOUT_NOPREEMPT.same]: '',
  [WITHOUT_NOPREEMPT.expired]:
    'Without nopreempt its quantum would have expired here: lower priority, back of the queue.',
  [WITHOUT_NOPREEMPT.preempted]:
    'Without nopreempt it would have lost its CPU here and waited behind the LWP that took it.',
  [WITHOUT_NOPREEMPT.promoted]:
    'Without nopreempt its priority would have been recomputed after the long wait.',
};

/** Explains a decision of illumos; those of Linux: slice-extension.ts. */
export function explainDecision(row: DecisionRow): DecisionText {
  const place = CAUSE_NAMES[row.place] ?? `function ${row.place}`;
  const { effect, ...test } = branchOf(row, place);
  return {
    title: sentenceCase(decisionName(row.outcome, row.place)),
    place,
    test: COMPARES_TICKS.has(row.outcome) && row.timeleft === UNKNOWN_VALUE ? null : test,
    effect,
    without: WITHOUT_TEXT[row.without] ?? '',
  };
}

/** All but those that look at the request alone. */
const COMPARES_TICKS: ReadonlySet<number> = new Set([
  DECISION.deferredAtTick,
  DECISION.deferredAtPreempt,
  DECISION.failsafe,
  DECISION.forced,
  DECISION.yielded,
]);

/** `timeleft -2 > -2: no, so revoke` */
export function testSentence(test: DecisionTest): string {
  return `${test.comparison}: ${test.holds ? 'yes' : 'no'}, so ${test.branch}`;
}

type Branch = DecisionTest & Pick<DecisionText, 'effect'>;

function branchOf(row: DecisionRow, place: string): Branch {
  const { outcome, timeleft } = row;
  if (!isDecision(outcome)) {
    return { comparison: `outcome ${outcome}`, holds: true, branch: 'unknown', effect: '' };
  }
  const withinGrace = {
    comparison: `timeleft ${timeleft} > -${SC_MAX_TICKS}`,
    holds: timeleft > -SC_MAX_TICKS,
  };
  const raises = place !== 'fx_preempt';
  switch (outcome) {
    case DECISION.deferredAtTick:
      return {
        ...withinGrace,
        branch: 'keep running',
        effect:
          'Its quantum has expired. The kernel set sc_yield and let it keep running; nothing else changed.',
      };
    case DECISION.deferredAtPreempt:
      // fx_preempt honours the request of a thread with an infinite quantum whatever its timeleft is.
      return {
        ...(withinGrace.holds ? withinGrace : { comparison: 'quantum infinite', holds: true }),
        branch: 'defer',
        effect: raises
          ? 'The kernel set sc_yield, raised it to the highest user priority and put it at the front of its queue.'
          : 'The kernel set sc_yield and put it at the front of its queue.',
      };
    case DECISION.failsafe:
      return {
        ...withinGrace,
        branch: 'expire',
        effect: 'The grace is used up: ordinary expiry with a lower priority. sc_nopreempt stays set.',
      };
    case DECISION.forced:
      return {
        ...withinGrace,
        branch: 'revoke',
        effect: raises
          ? 'The kernel cleared sc_nopreempt, restored its priority if it was raised, and preempted it. sc_yield stays set.'
          : 'The kernel cleared sc_nopreempt and preempted it. sc_yield stays set.',
      };
    case DECISION.yielded: {
      // fss_yield starts a new quantum only below 0, ts_yield and fx_yield at 0 already.
      const comparison = place === 'fss_yield' ? '<' : '<=';
      return {
        comparison: `timeleft ${timeleft} ${comparison} 0`,
        holds: place === 'fss_yield' ? timeleft < 0 : timeleft <= 0,
        branch: 'start a new quantum',
        effect: 'It gave up its CPU: sc_yield was cleared and it went to the back of its queue.',
      };
    }
    case DECISION.aborted:
    case DECISION.endedByCall:
      return { comparison: 'system call', holds: true, branch: 'end it', effect: '' };
    case DECISION.updateSkipped:
      return {
        comparison: 'sc_nopreempt set',
        holds: true,
        branch: 'skip',
        effect: 'It has waited longer than maxwait, but its priority was not recomputed.',
      };
  }
}

export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The question that the explanation of a decision answers. */
export function decisionQuestion(outcome: number, place: CauseId, thread: string): string {
  if (isSliceExtension(place) && outcome !== DECISION.deferredAtPreempt && outcome !== DECISION.yielded) {
    return `Why did the time slice extension of ${thread} end?`;
  }
  switch (outcome) {
    case DECISION.forced:
      return `Why was ${thread} preempted despite nopreempt?`;
    case DECISION.failsafe:
      return `Why did the quantum of ${thread} expire despite nopreempt?`;
    case DECISION.deferredAtTick:
      return `Why did ${thread} run on past its quantum?`;
    case DECISION.deferredAtPreempt:
      return `Why was ${thread} not preempted?`;
    case DECISION.yielded:
      return `Why did ${thread} give up its CPU?`;
    case DECISION.updateSkipped:
      return `Why was the priority of ${thread} not recomputed?`;
    default:
      return `What was decided about ${thread}?`;
  }
}
