import { BRIDGE_NAME, type ElectronBridge } from '#shared/api/electron-bridge.ts';

/** The bridge of Electron's preload; undefined in a browser. */
export function electronBridge(): ElectronBridge | undefined {
  return (window as unknown as Partial<Record<string, ElectronBridge>>)[BRIDGE_NAME];
}
