/**
 * All detectors, those nearest to a cause first: where two explain the same wait, the ledger gives it to the first, which also
 * leads their group.
 */
import type { Detector } from '../detector.ts';
import { lateRun } from './late-run.ts';
import { lockConvoy } from './lock-convoy.ts';
import { lockHolderPreempted } from './lock-holder-preempted.ts';
import { requestPaidOff } from './request-paid-off.ts';

/** Raised whenever any detector finds something else in the same trace: findings of earlier ones are out of date. */
export const DETECTORS_VERSION = 1;

export const DETECTORS: readonly Detector[] = [lockHolderPreempted, lockConvoy, lateRun, requestPaidOff];
