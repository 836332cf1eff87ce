/** Who waits for a CPU right now: runnable there and off it. */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { isRunnable, type Scene } from './scene.ts';

export interface Delay {
  readonly lwp: LwpId;
  readonly startNs: Ns;
  readonly endNs: Ns;
}

/**
 * LWPs that wait for `cpu` now, each with the time that it has waited since `fromNs`. Looks at every LWP: for what is
 * found, not for what happens often. An LWP waits where it ran last: the trace's lanes do not tell queues apart.
 */
export function delaysSince(scene: Scene, cpu: CpuId, fromNs: Ns, except: number): Delay[] {
  const delays: Delay[] = [];
  for (let lwp = 0; lwp < scene.lwps; lwp++) {
    if (lwp === except || scene.cpu[lwp] !== cpu || !isRunnable(scene.state[lwp]!)) continue;
    const startNs = Math.max(fromNs, scene.since[lwp]!);
    if (scene.nowNs > startNs) delays.push({ lwp, startNs, endNs: scene.nowNs });
  }
  return delays;
}
