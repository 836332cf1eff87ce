/** Where this user's files of the workbench are, by the conventions of the system. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const NAME = 'schedctl-workbench';

export interface UserFolders {
  /** Settings and recent files. */
  readonly config: string;
  /** Traces that were recorded or imported from a window. */
  readonly recordings: string;
  /** What can be made again: copies of traces of earlier versions. */
  readonly cache: string;
  /** Files that were exported from a window. */
  readonly exports: string;
}

/**
 * The folders for `platform`; they need not exist. XDG variables count where they are absolute, as their specification
 * says.
 */
export function userFolders(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): UserFolders {
  const from = (variable: string, otherwise: string): string => {
    const value = environment[variable];
    return join(value !== undefined && isAbsolute(value) ? value : otherwise, NAME);
  };
  switch (platform) {
    case 'darwin': {
      const support = join(home, 'Library', 'Application Support', NAME);
      const cache = join(home, 'Library', 'Caches', NAME);
      return { config: support, ...madeFilesIn(support), cache };
    }
    case 'win32':
      return {
        config: from('APPDATA', join(home, 'AppData', 'Roaming')),
        ...madeFilesIn(from('LOCALAPPDATA', join(home, 'AppData', 'Local'))),
        cache: join(from('LOCALAPPDATA', join(home, 'AppData', 'Local')), 'cache'),
      };
    default:
      return {
        config: from('XDG_CONFIG_HOME', join(home, '.config')),
        ...madeFilesIn(from('XDG_DATA_HOME', join(home, '.local', 'share'))),
        cache: from('XDG_CACHE_HOME', join(home, '.cache')),
      };
  }
}

const madeFilesIn = (folder: string): Pick<UserFolders, 'recordings' | 'exports'> => ({
  recordings: join(folder, 'recordings'),
  exports: join(folder, 'exports'),
});
