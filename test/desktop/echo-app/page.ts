/** The page of the echo app: runs one check of the contract on the pipe of this page. */
import { BRIDGE_NAME, type ElectronBridge } from '#shared/api/electron-bridge.ts';
import { createClient } from '#shared/api/client.ts';
import { pipeContract } from '../../contract/pipe-contract.ts';

declare global {
  interface Window {
    runCheck?: (title: string) => Promise<void>;
  }
}

const bridge = (window as unknown as Record<string, ElectronBridge>)[BRIDGE_NAME]!;
window.runCheck = async (title) => {
  await pipeContract.find((check) => check.title === title)!.run(createClient(bridge.pipe));
};
