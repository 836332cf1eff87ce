/** The statement in the SQL tab: it outlives the tab. */
import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Something to see at once, and to change. */
const FIRST = `SELECT time_ns, lwp, lwp_name, cpu, place, outcome, timeleft_ticks
FROM v_decision
WHERE outcome IN ('forced', 'failsafe')
ORDER BY time_ns;
`;
const FIRST_WITHOUT_SCHEDCTL = `SELECT start_ns, lwp, lwp_name, duration_us, preempted_by, cpu
FROM v_lwp_state
WHERE state = 'preempted'
ORDER BY duration_us DESC
LIMIT 100;
`;

export const useSqlText = defineStore('sql-text', () => {
  /** Null until something has been typed. */
  const typed = ref<string | null>(null);

  const textFor = (hasSchedctl: boolean): string =>
    typed.value ?? (hasSchedctl ? FIRST : FIRST_WITHOUT_SCHEDCTL);

  return { typed, textFor };
});
