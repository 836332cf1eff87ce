import { describe, expect, it } from 'vitest';
import { NO_PARAMETERS, readParameters } from './parameters.ts';

const read = (text: Partial<typeof NO_PARAMETERS>) => readParameters({ ...NO_PARAMETERS, ...text });

describe('parameters of a recording', () => {
  it('leave to the scenario what is empty', () => {
    expect(read({})).toEqual({ seed: undefined, durationNs: undefined, cpus: undefined, problem: null });
  });

  it('are read with their units', () => {
    expect(read({ seed: '29', duration: '500 ms', cpus: '8' })).toEqual({
      seed: 29,
      durationNs: 500_000_000,
      cpus: 8,
      problem: null,
    });
    expect(read({ duration: '2' }).durationNs).toBe(2_000_000_000);
  });

  it.each([
    [{ seed: '1.5' }, 'seed'],
    [{ seed: '-1' }, 'seed'],
    [{ cpus: '0' }, 'cpus'],
    [{ cpus: '257' }, 'cpus'],
    [{ duration: '-2' }, 'duration'],
    [{ duration: '50 %' }, 'duration'],
    [{ duration: '0' }, 'duration'],
    [{ duration: 'long' }, 'duration'],
  ])('%o is refused', (text, field) => {
    expect(read(text).problem?.field).toBe(field);
  });
});
