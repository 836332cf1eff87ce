/** How fast the cursor plays: seconds of the trace a second, or rows a second. */
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import {
  DEFAULT_EVENT_RATE,
  DEFAULT_SPEED,
  EVENT_RATES,
  neighbour,
  SPEEDS,
} from '../trace-data/playback-clock.ts';

/** What passes evenly while the cursor plays: the time of the trace, or its rows. */
export type Pace = 'time' | 'events';

/** A pace with its rate: seconds of trace a second, or rows a second. */
export interface ReplayPace {
  readonly unit: Pace;
  readonly rate: number;
}

export const usePace = defineStore('pace', () => {
  const pace = ref<Pace>('time');
  /** Seconds of trace for each second of the wall's clock. */
  const speed = ref<number>(DEFAULT_SPEED);
  /** Rows for each second of the wall's clock. */
  const eventRate = ref<number>(DEFAULT_EVENT_RATE);

  function change(direction: 1 | -1): void {
    if (pace.value === 'time') speed.value = neighbour(SPEEDS, speed.value, direction);
    else eventRate.value = neighbour(EVENT_RATES, eventRate.value, direction);
  }
  const faster = (): void => change(1);
  const slower = (): void => change(-1);

  function toggle(): void {
    pace.value = pace.value === 'time' ? 'events' : 'time';
  }

  /** The pace that the cursor plays at. */
  const current = computed<ReplayPace>({
    get: () => ({ unit: pace.value, rate: pace.value === 'time' ? speed.value : eventRate.value }),
    set: ({ unit, rate }) => {
      pace.value = unit;
      if (unit === 'time') speed.value = rate;
      else eventRate.value = rate;
    },
  });

  return { current, pace, speed, eventRate, faster, slower, toggle };
});
