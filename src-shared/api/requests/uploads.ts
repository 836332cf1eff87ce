/** For hosts whose window cannot name a file on this machine: the bytes are sent instead. */
import { z } from 'zod';
import { answer, request } from './request.ts';

const uploadId = z.string().max(64);

export const uploadRequests = {
  'upload.begin': request(
    z.object({ name: z.string().min(1).max(512), bytes: z.number().min(0) }),
    answer<{ readonly uploadId: string }>(),
  ),
  'upload.chunk': request(z.object({ uploadId, data: z.instanceof(Uint8Array) }), answer<null>()),
  'upload.end': request(z.object({ uploadId }), answer<{ readonly path: string }>()),
  /** The rest of the file is not going to be sent: what has arrived of it goes. */
  'upload.cancel': request(z.object({ uploadId }), answer<null>()),
};
