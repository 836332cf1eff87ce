/**
 * What the parameters of requests are made of. They come from outside and are checked at run time by these schemas,
 * once, where they enter the service.
 *
 * All times are nanoseconds since the start of the trace.
 */
import '../jitless.ts';
import { z } from 'zod';
import type { CpuId, LwpId, Ns, ProcessId, SyncId } from '../../base/brands.ts';

export const timeNs: z.ZodType<Ns, Ns> = z.number().finite();
/** A time from the start of the trace on. */
export const traceTime: z.ZodType<Ns, Ns> = z.number().finite().min(0);
export const pixels = z.int().min(1).max(16_384);
export const traceId = z.string().min(1).max(64);
export const direction = z.enum(['next', 'previous']);
export const path = z.string().min(1).max(4096);
export const jobId = z.string().min(1).max(64);
/** Of a CPU, LWP, process, slot page or sync object. */
export const id = z
  .int()
  .min(0)
  .max(1 << 22);

export const lwpId: z.ZodType<LwpId, LwpId> = id;
export const cpuId: z.ZodType<CpuId, CpuId> = id;
export const syncId: z.ZodType<SyncId, SyncId> = id;
export const processId: z.ZodType<ProcessId, ProcessId> = id;

export const window = { traceId, startNs: timeNs, endNs: timeNs, pixels };

/** Most pixels of all lanes or curves of one answer together: a screen of 7680 pixels has 270 of the lowest lanes. */
const MOST_LANE_PIXELS = 1 << 21;

/** A window with a list of what is to be drawn in it; what the answer may take is bounded by both together. */
export const windowOf = <List extends Record<string, z.ZodType<readonly unknown[] | undefined>>>(
  lists: List,
): z.ZodObject<typeof window & List> =>
  z.object({ ...window, ...lists }).refine(
    (params) => {
      const drawn = Object.keys(lists).map((name) => (params as Record<string, unknown>)[name]);
      const rows = drawn.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
      return rows * (params as { pixels: number }).pixels <= MOST_LANE_PIXELS;
    },
    { error: `more than ${MOST_LANE_PIXELS} pixels in all; ask for fewer lanes or pixels at a time` },
  );

/** A lane of the timeline. */
export const laneRef = z.object({ kind: z.enum(['cpu', 'lwp', 'sync']), id });
export type LaneRef = z.infer<typeof laneRef>;

/** Which rows of the event table are wanted; what is absent does not restrict. */
export const eventFilter = z.object({
  kinds: z.array(z.int().min(0).max(65_535)).max(512).optional(),
  lwps: z.array(lwpId).max(4096).optional(),
  cpus: z.array(cpuId).max(1024).optional(),
  causes: z.array(z.int().min(0).max(65_535)).max(512).optional(),
  objects: z.array(id).max(4096).optional(),
});
export type EventFilter = z.infer<typeof eventFilter>;
