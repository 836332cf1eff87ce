/**
 * All detectors, those nearest to a cause first: where two explain the same wait, the ledger gives it to the first,
 * which also leads their group.
 */
import type { Detector } from '../detector.ts';
import { boostNotRestored } from './boost-not-restored.ts';
import { deadlock } from './deadlock.ts';
import { deferralDelayed } from './deferral-delayed.ts';
import { holderBlocked } from './holder-blocked.ts';
import { lateRun } from './late-run.ts';
import { lockChain } from './lock-chain.ts';
import { lockConvoy } from './lock-convoy.ts';
import { lockHolderPreempted } from './lock-holder-preempted.ts';
import { passedOverByUpdate } from './passed-over-by-update.ts';
import { priorityInversion } from './priority-inversion.ts';
import { requestAbused } from './request-abused.ts';
import { requestLate } from './request-late.ts';
import { requestLeaked } from './request-leaked.ts';
import { requestMissing } from './request-missing.ts';
import { requestNeverAsked } from './request-never-asked.ts';
import { requestOutlivesSection } from './request-outlives-section.ts';
import { requestPaidOff } from './request-paid-off.ts';
import { requestsUnused } from './requests-unused.ts';
import { sectionLongerThanGrace } from './section-longer-than-grace.ts';
import { slotsGrow } from './slots-grow.ts';
import { spinBehindOffCpuHolder } from './spin-behind-off-cpu-holder.ts';
import { waiterPreempted } from './waiter-preempted.ts';
import { yieldIgnored } from './yield-ignored.ts';

/** Raised whenever any detector finds something else in the same trace: findings of earlier ones are out of date. */
export const DETECTORS_VERSION = 3;

export const DETECTORS: readonly Detector[] = [
  deadlock,
  lockHolderPreempted,
  requestLate,
  requestMissing,
  requestNeverAsked,
  sectionLongerThanGrace,
  priorityInversion,
  holderBlocked,
  lockChain,
  spinBehindOffCpuHolder,
  waiterPreempted,
  lockConvoy,
  requestOutlivesSection,
  yieldIgnored,
  requestAbused,
  deferralDelayed,
  passedOverByUpdate,
  lateRun,
  requestLeaked,
  boostNotRestored,
  slotsGrow,
  requestsUnused,
  requestPaidOff,
];
