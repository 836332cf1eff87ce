/** Words for a finding in a list. */
import type { Finding, FindingSubject } from '#shared/model/findings.ts';
import type { NameTable } from '../../trace-data/decode/names.ts';

type Names = Pick<NameTable, 'lwp' | 'cpu' | 'sync' | 'process' | 'page'>;

export const subjectName = ({ kind, id }: Pick<FindingSubject, 'kind' | 'id'>, names: Names): string =>
  names[kind](id);

/** Where it happened: what the threads met at, else what caused it, else the one that bears it. */
export function whereOf({ subjects }: Pick<Finding, 'subjects'>, names: Names): string {
  for (const role of ['object', 'cause', 'victim'] as const) {
    const subject = subjects.find((one) => one.role === role);
    if (subject !== undefined) return subjectName(subject, names);
  }
  return '';
}
