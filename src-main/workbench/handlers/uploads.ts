/** Files that arrive as bytes. */
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

export function uploadHandlers({
  uploads,
  permitted,
}: ServiceParts): HandlersOf<'upload.begin' | 'upload.chunk' | 'upload.end' | 'upload.cancel'> {
  return {
    'upload.begin': async ({ name, bytes }, _signal, { held }) => {
      const uploadId = await uploads.begin(name, bytes);
      await held.add(uploadId, () => uploads.cancel(uploadId));
      return { uploadId };
    },
    'upload.chunk': async ({ uploadId, data }) => {
      await uploads.chunk(uploadId, data);
      return null;
    },
    'upload.end': async ({ uploadId }, _signal, { held }) => {
      held.forget(uploadId);
      const path = await uploads.end(uploadId);
      permitted.permit(path);
      return { path };
    },
    'upload.cancel': async ({ uploadId }, _signal, { held }) => {
      held.forget(uploadId);
      await uploads.cancel(uploadId);
      return null;
    },
  };
}
