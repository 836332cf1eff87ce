/**
 * Friendly views for people at a SQL console: names instead of ids, units in the column names.
 *
 * They are stored in the file for other SQLite tools. This program never trusts what a file brings along:
 * {@link queryTrace} makes its own temporary views of the same names, which win over the file's.
 */
import { CAUSE, SC_CPU_UPDATE_CAUSES } from '#shared/model/causes.ts';
import { DECISION } from '#shared/model/enums.ts';
import { KIND, UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import { LANE_FLAG } from '#shared/model/lane-flags.ts';

const code = (domain: string, column: string): string =>
  `(SELECT name FROM code WHERE domain = '${domain}' AND value = ${column})`;
const lwpName = (column: string): string => `(SELECT name FROM lwp WHERE id = ${column})`;
const syncName = (column: string): string => `(SELECT name FROM sync WHERE id = ${column})`;

/** Names of a finding's subjects in a role. */
const subjectNames = (finding: string, role: string): string =>
  `(SELECT group_concat(json_extract(value, '$.name'), ', ') FROM json_each(${finding}.subjects) WHERE json_extract(value, '$.role') = '${role}')`;

const known = (value: string): string => `nullif(${value}, ${UNKNOWN_VALUE})`;

/** View name to its SELECT. */
export const VIEWS: Readonly<Record<string, string>> = {
  v_event: `SELECT e.seq, e.time_ns, e.time_ns / 1e6 AS time_ms, k.name AS kind, e.cpu, e.lwp, l.name AS lwp_name,
      e.object, c.name AS cause, c.written_by, ${known('e.old')} AS old_value, ${known('e.new')} AS new_value
    FROM event e JOIN kind k ON k.id = e.kind JOIN cause c ON c.id = e.cause LEFT JOIN lwp l ON l.id = e.lwp`,
  v_lwp: `SELECT l.id, l.name, l.lwp_number, p.pid, p.name AS process FROM lwp l LEFT JOIN process p ON p.id = l.process`,
  v_lwp_state: `SELECT s.lwp, ${lwpName('s.lwp')} AS lwp_name, ${code('lane_state', 's.state')} AS state, s.start_ns, s.end_ns,
      (s.end_ns - s.start_ns) / 1e3 AS duration_us, s.cpu, ${lwpName('s.other')} AS preempted_by,
      ${syncName('s.sync')} AS waits_for, (s.flags & ${LANE_FLAG.holdsLock}) <> 0 AS holds_lock FROM lwp_state s`,
  v_cpu_run: `SELECT r.cpu, r.lwp, ${lwpName('r.lwp')} AS lwp_name, r.start_ns, r.end_ns,
      (r.end_ns - r.start_ns) / 1e3 AS duration_us FROM cpu_run r`,
  v_nopreempt_window: `SELECT w.lwp, ${lwpName('w.lwp')} AS lwp_name, ${code('window_end', 'w.end')} AS ended, w.start_ns,
      nullif(w.end_ns, -1) AS end_ns, CASE WHEN w.end_ns >= 0 THEN (w.end_ns - w.start_ns) / 1e3 END AS duration_us,
      nullif(w.first_deferred_ns, -1) AS first_deferred_ns, nullif(w.yield_asked_ns, -1) AS yield_asked_ns,
      nullif(w.yielded_ns, -1) AS yielded_ns,
      w.deferrals, w.start_seq, nullif(w.end_seq, 0) AS end_seq FROM nopreempt_window w`,
  v_decision: `SELECT d.seq, d.time_ns, d.lwp, ${lwpName('d.lwp')} AS lwp_name, d.cpu, ${code('decision', 'd.outcome')} AS outcome,
      (SELECT name FROM cause WHERE id = d.place) AS place, d.timeleft AS timeleft_ticks,
      ${code('without_nopreempt', 'd.without')} AS without_nopreempt FROM decision d`,
  v_slice_extension: `SELECT g.seq, g.lwp, ${lwpName('g.lwp')} AS lwp_name, g.cpu, g.time_ns AS start_ns, d.time_ns AS end_ns,
      (d.time_ns - g.time_ns) / 1e3 AS duration_us, nullif(g.object, -1) AS timer_ns,
      CASE WHEN g.old >= 0 THEN g.time_ns - g.old END AS asked_ns,
      CASE WHEN g.old >= 0 THEN (SELECT name FROM cause WHERE id = g.cause) END AS asked_by,
      nullif(g.new, -1) AS woken, ${lwpName('g.new')} AS woken_name,
      CASE d.place WHEN ${CAUSE.rseq_slice_expired} THEN 'expired' WHEN ${CAUSE.rseq_slice_revoked} THEN 'revoked'
        ELSE ${code('decision', 'd.outcome')} END AS ended,
      CASE d.outcome WHEN ${DECISION.yielded} THEN 'rseq_slice_yield' ELSE (SELECT s.name FROM event e
        JOIN syscall s ON s.id = e.object WHERE e.seq = d.seq - 1 AND e.kind = ${KIND.slice_syscall}) END AS syscall
    FROM event g LEFT JOIN decision d ON d.outcome <> ${DECISION.deferredAtPreempt} AND d.seq =
      (SELECT seq FROM decision WHERE lwp = g.lwp AND seq > g.seq ORDER BY seq LIMIT 1 OFFSET 1)
    WHERE g.kind = ${KIND.slice_timer}`,
  v_lock_hold: `SELECT h.sync, ${syncName('h.sync')} AS lock, h.lwp, ${lwpName('h.lwp')} AS lwp_name, h.start_ns, h.end_ns,
      (h.end_ns - h.start_ns) / 1e3 AS duration_us FROM lock_hold h`,
  v_lock_wait: `SELECT w.sync, ${syncName('w.sync')} AS lock, w.lwp, ${lwpName('w.lwp')} AS lwp_name, w.start_ns, w.end_ns,
      (w.end_ns - w.start_ns) / 1e3 AS duration_us, ${lwpName('w.holder')} AS held_by FROM lock_wait w`,
  v_wakeup: `SELECT w.wake_ns, w.waker, ${lwpName('w.waker')} AS waker_name, w.lwp, ${lwpName('w.lwp')} AS lwp_name,
      nullif(w.run_ns, -1) AS run_ns, CASE WHEN w.run_ns >= 0 THEN (w.run_ns - w.wake_ns) / 1e3 END AS latency_us,
      nullif(w.waker_cpu, -1) AS waker_cpu, nullif(w.run_cpu, -1) AS run_cpu, w.wake_seq FROM wakeup w`,
  v_finding: `SELECT f.id, f.detector, f.severity, f.summary, f.cost_ns / 1e3 AS cost_us, f.spin_ns / 1e3 AS spin_us,
      f.longest_ns / 1e3 AS longest_us, f.start_ns, f.end_ns, f.lead, f.confidence, nullif(f.doubt, '') AS doubt,
      ${subjectNames('f', 'cause')} AS causes, ${subjectNames('f', 'object')} AS objects, ${subjectNames('f', 'victim')} AS victims,
      f.advice FROM finding f`,
  v_sc_cpu_update: `SELECT seq, time_ns, lwp, ${lwpName('lwp')} AS lwp_name, old AS old_cpu, new AS new_cpu
    FROM event WHERE kind = ${KIND.sc_cpu} AND cause IN (${SC_CPU_UPDATE_CAUSES.join(', ')})`,
  v_run_queue_length: `SELECT seq, time_ns, cpu, new AS threads FROM event WHERE kind = ${KIND.disp_nrunnable}`,
};

/** The statement that makes a view. */
export function createViewSql(name: string, select: string): string {
  return `CREATE VIEW ${name} AS ${select}`;
}
