import { describe, test } from 'vitest';
import { createClient } from '#shared/api/client.ts';
import { createMemoryPipe } from '#shared/api/memory-pipe.ts';
import { serve } from '#shared/api/server.ts';
import { decodeMessage, encodeMessage } from '#shared/api/codec.ts';
import { createEchoService } from './echo-service.ts';
import { pipeContract } from './pipe-contract.ts';

const copies = {
  'that clones (as Electron does between processes)': (message: unknown) => structuredClone(message),
  'through the codec': (message: unknown) => decodeMessage(encodeMessage(message)),
};

for (const [how, copy] of Object.entries(copies)) {
  describe(`a pipe in memory ${how}`, () => {
    for (const { title, run } of pipeContract) {
      test(title, async () => {
        const { client, server } = createMemoryPipe(copy);
        serve(createEchoService().forWindow(), server);
        await run(createClient(client));
      });
    }
  });
}
