import { describe, expect, it, vi } from 'vitest';
import type { SqlPage } from '#shared/api/contract.ts';
import { PAGE_ROWS, ResultPages } from './result-pages.ts';

const page = (first: number, count = PAGE_ROWS): SqlPage => ({
  first,
  count,
  values: [
    Float64Array.from({ length: count }, (_, i) => first + i),
    Array.from({ length: count }, () => 'x'),
  ],
});

describe('ResultPages', () => {
  it('has the first page at once, and asks for another when it is looked at, once', async () => {
    const fetch = vi.fn((first: number) => Promise.resolve(page(first)));
    const onData = vi.fn();
    const pages = new ResultPages(page(0), fetch, onData, () => undefined);
    expect(pages.value(499, 0)).toBe(499);
    expect(pages.value(1200, 0)).toBeUndefined();
    expect(pages.value(1201, 1)).toBeUndefined();
    expect(fetch.mock.calls).toEqual([[1000, PAGE_ROWS]]);
    await vi.waitFor(() => expect(onData).toHaveBeenCalledTimes(1));
    expect(pages.value(1200, 0)).toBe(1200);
    expect(pages.value(1201, 1)).toBe('x');
  });

  it('keeps a bounded number of pages, and always the first', async () => {
    const onData = vi.fn();
    const pages = new ResultPages(
      page(0),
      (first) => Promise.resolve(page(first)),
      onData,
      () => undefined,
    );
    for (let number = 1; number <= 60; number++) pages.value(number * PAGE_ROWS, 0);
    await vi.waitFor(() => expect(onData).toHaveBeenCalledTimes(60));
    expect(pages.value(0, 0)).toBe(0);
    expect(pages.value(60 * PAGE_ROWS, 0)).toBe(60 * PAGE_ROWS);
    expect(pages.value(1 * PAGE_ROWS, 0)).toBeUndefined();
  });

  it('says once what went wrong, not for every row on the screen', async () => {
    const onError = vi.fn();
    const pages = new ResultPages(
      page(0),
      () => Promise.reject(new Error('gone')),
      () => undefined,
      onError,
    );
    pages.value(600, 0);
    await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1));
    pages.value(601, 0);
    await Promise.resolve();
    expect(onError).toHaveBeenCalledTimes(1);
  });
});
