/** The command line without a process of its own: for the many ways of being wrong. */
import { vi } from 'vitest';
import { runProgram } from '../run-program.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `schedctl-workbench ARGS`; paths are to be absolute. */
export async function runHere(...args: readonly string[]): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  try {
    return { code: await runProgram(args), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
