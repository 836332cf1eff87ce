/** The part of AbortSignal that this project uses; the pure layers have no DOM to take it from. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Makes a signal and the means to fire it; AbortController for layers without DOM. */
export interface CancelSource {
  readonly signal: CancelSignal;
  /** Fires the signal; only the first call has an effect. */
  cancel(): void;
}

export function createCancelSource(): CancelSource {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted() {
        return aborted;
      },
      // Every listener hears at most one abort, so `once` changes nothing.
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    },
    cancel() {
      if (aborted) return;
      aborted = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
  };
}
