/**
 * One query that follows the visible range: keeps the last answer while the next is on its way, one request
 * at a time, a screen on either side. For what is not kept lane by lane (decisions, windows, charts).
 */
import type { Ns } from '#shared/base/brands.ts';
import { isSharp, windowToFetch, type DetailWindow } from './fetch-window.ts';
import type { TimeRange } from './time-axis.ts';

export interface WindowRequest {
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly pixels: number;
}

export interface Answer<Data> {
  readonly window: DetailWindow;
  /** What else the question depended on (the lanes in view, say). */
  readonly key: string;
  readonly data: Data;
}

export class WindowQuery<Data, Extra = null> {
  /** The last answer, however stale; null before the first. */
  answer: Answer<Data> | null = null;
  private readonly ask: (request: WindowRequest, extra: Extra, signal: AbortSignal) => Promise<Data>;
  private readonly onData: () => void;
  private readonly onError: (error: unknown) => void;
  private readonly detail: number;
  private want: { range: TimeRange; widthPx: number; limits: TimeRange; key: string; extra: Extra } | null =
    null;
  private flight: AbortController | null = null;
  private failedFor: object | null = null;
  /** The answer is of before the trace grew. */
  private expired = false;

  /**
   * @param detail pixels asked for, as a part of the width on the screen: 0.25 asks for buckets of four pixels
   */
  constructor(
    ask: (request: WindowRequest, extra: Extra, signal: AbortSignal) => Promise<Data>,
    onData: () => void,
    onError: (error: unknown) => void,
    detail = 1,
  ) {
    this.ask = ask;
    this.onData = onData;
    this.onError = onError;
    this.detail = detail;
  }

  /** Says what is in view; asks where the last answer does not show it sharply. */
  show(range: TimeRange, widthPx: number, limits: TimeRange, key: string, extra: Extra): void {
    if (widthPx < 1) return;
    const pixels = Math.max(1, Math.round(widthPx * this.detail));
    const want = this.want;
    const same =
      want !== null &&
      want.key === key &&
      want.widthPx === pixels &&
      want.range.startNs === range.startNs &&
      want.range.endNs === range.endNs;
    if (!same) this.want = { range, widthPx: pixels, limits, key, extra };
    this.pump();
  }

  /** What there is may have changed: it stays, and the next {@link show} asks again. */
  expire(): void {
    this.flight?.abort();
    this.flight = null;
    this.failedFor = null;
    this.want = null;
    this.expired = true;
  }

  clear(): void {
    this.flight?.abort();
    this.flight = null;
    this.answer = null;
    this.want = null;
    this.failedFor = null;
  }

  private pump(): void {
    const want = this.want;
    if (want === null || this.flight !== null || this.failedFor === want) return;
    const have = this.answer;
    if (
      !this.expired &&
      have?.key === want.key &&
      isSharp(have.window, want.range, want.widthPx, want.limits)
    )
      return;
    const window = windowToFetch(want.range, want.widthPx, want.limits);
    const flight = new AbortController();
    this.flight = flight;
    const { startNs, endNs, pixels } = window;
    this.ask({ startNs, endNs, pixels }, want.extra, flight.signal).then(
      (data) => {
        if (this.flight !== flight) return;
        this.flight = null;
        this.expired = false;
        this.answer = { window, key: want.key, data };
        this.onData();
        this.pump();
      },
      (error: unknown) => {
        if (this.flight !== flight) return;
        this.flight = null;
        if (!flight.signal.aborted) {
          this.failedFor = this.want;
          this.onError(error);
        }
        this.pump();
      },
    );
  }
}
