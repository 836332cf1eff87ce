/** All drivers; the first that accepts a file's header runs it. */
import { classesDriver } from './classes-driver.ts';
import { dispatcherDriver } from './dispatcher-driver.ts';
import type { VectorDriver } from './driver.ts';
import { schedctlDriver } from './schedctl-driver.ts';

export const DRIVERS: readonly VectorDriver[] = [schedctlDriver, classesDriver, dispatcherDriver];
