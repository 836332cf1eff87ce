/** Which file a name led to when the person named it: what is opened under the name later has to be that one. */
import type { Stats } from 'node:fs';
import { WorkbenchError } from '#shared/base/errors.ts';

/** Device and number of a file, as `DEV:INO`. */
export const identityOf = ({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string => `${dev}:${ino}`;

/** By path. A path that is not in it may lead anywhere. */
export type FileIdentities = Readonly<Record<string, string>>;

/**
 * Refuses what is open where its name led elsewhere before.
 *
 * @param opened of what is open
 * @throws WorkbenchError 'not-permitted'
 */
export function checkIdentity(
  path: string,
  opened: Pick<Stats, 'dev' | 'ino'>,
  identities: FileIdentities | undefined,
): void {
  const named = identities?.[path];
  if (named !== undefined && named !== identityOf(opened)) throw swapped(path);
}

export function swapped(path: string): WorkbenchError {
  return new WorkbenchError(
    'not-permitted',
    `${path} no longer leads to the file that you named: choose it again.`,
    { file: path },
  );
}
