/** Dialogs, permissions and the screen. */
import { EventEmitter } from 'node:events';
import { browser } from './chromium.ts';

const unanswered = (name: string) => (): Promise<never> =>
  Promise.reject(new Error(`stand-in: nobody answers dialog.${name}; a spec replaces it with its answer`));

export const dialog = {
  showOpenDialog: unanswered('showOpenDialog'),
  showSaveDialog: unanswered('showSaveDialog'),
  showMessageBox: unanswered('showMessageBox'),
  showErrorBox(title: string, content: string): void {
    process.stderr.write(`stand-in: error box: ${title}: ${content}\n`);
  },
};

/** Electron's names of permissions, by those of Chromium. */
const PERMISSIONS = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  'clipboard-read': 'clipboard-read',
  camera: 'media',
  microphone: 'media',
} as const;

type PermissionHandler = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void;

export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    /** Chromium cannot be made to ask later: the handler is asked now, and its answers are set. */
    setPermissionRequestHandler(handler: PermissionHandler): void {
      for (const [name, permission] of Object.entries(PERMISSIONS)) {
        handler(null, permission, (granted) => {
          const setting = granted ? 'granted' : 'denied';
          void browser().send('Browser.setPermission', { permission: { name }, setting });
        });
      }
    },
    setPermissionCheckHandler(): void {},
    setDevicePermissionHandler(): void {},
  }),
};

const display = { workArea: { x: 0, y: 0, width: 1920, height: 1080 } };
export const screen = { getAllDisplays: () => [display], getPrimaryDisplay: () => display };
