/** The page of the echo app: runs one check of the contract on the pipe of this page. */
import { BRIDGE_NAME, type ElectronBridge } from '#shared/api/electron-bridge.ts';
import { createClient } from '#shared/api/client.ts';
import { requestSamples } from '#shared/api/testing/request-samples.ts';
import { pipeContract } from '../../contract/pipe-contract.ts';

declare global {
  interface Window {
    runCheck?: (title: string) => Promise<void>;
    /**
     * Asks for 4 MB of columns, `before` times and then `after` times, and takes nothing for a while after each.
     *
     * @returns how many answers have come in the end
     */
    standStill?: (before: number, after: number) => Promise<number>;
  }
}

const bridge = (window as unknown as Record<string, ElectronBridge>)[BRIDGE_NAME]!;
const STAND_STILL_MS = 1500;
window.standStill = async (before, after) => {
  const client = createClient(bridge.pipe);
  const answers: Promise<unknown>[] = [];
  for (const count of [before, after]) {
    for (let i = 0; i < count; i++) {
      answers.push(client.request('trace.lanes', requestSamples['trace.lanes'][0]));
    }
    const endMs = performance.now() + STAND_STILL_MS;
    while (performance.now() < endMs);
  }
  return (await Promise.all(answers)).length;
};
window.runCheck = async (title) => {
  await pipeContract.find((check) => check.title === title)!.run(createClient(bridge.pipe));
};
