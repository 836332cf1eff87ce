/**
 * Reproducible chance: one stream of random numbers for each LWP and each lock, so that adding one changes
 * nothing for the others.
 *
 * The generator is sfc32 (Doty-Humphrey, public domain algorithm): 128 bits of state, fast in 32-bit integer
 * arithmetic, the same on every machine; so are the functions that distributions are made of, which are not
 * those of Math. Allocates nothing per number.
 */
import { cosOfTurns, exp, ln } from '#shared/base/elementary-functions.ts';
import { withRoom } from '../growable.ts';
import type { DurationPlan } from '../plan.ts';

const WORDS = 4;
const WARM_UP = 12;

export class RandomStreams {
  private state: Int32Array;
  private readonly seed: number;
  private count = 0;

  /** @param seed 32 bits; stream i of the same seed is the same whatever `count` is */
  constructor(seed: number, count: number) {
    this.seed = seed;
    this.state = new Int32Array(count * WORDS);
    while (this.count < count) this.start();
  }

  /** A further stream: the next number of those that the seed gives. */
  add(): number {
    this.state = withRoom(this.state, (this.count + 1) * WORDS - 1, 0);
    return this.start();
  }

  private start(): number {
    const stream = this.count++;
    const { seed } = this;
    const at = stream * WORDS;
    this.state[at] = mixed(seed ^ 0x9e3779b9);
    this.state[at + 1] = mixed(seed + Math.imul(stream, 0x85ebca6b));
    this.state[at + 2] = mixed(stream ^ 0xc2b2ae35);
    this.state[at + 3] = 1;
    for (let i = 0; i < WARM_UP; i++) this.next(stream);
    return stream;
  }

  /** 32 random bits as an unsigned number. */
  next(stream: number): number {
    const { state } = this;
    const at = stream * WORDS;
    const b = state[at + 1]!;
    const c = state[at + 2]!;
    const counter = state[at + 3]!;
    const result = (state[at]! + b + counter) | 0;
    state[at + 3] = (counter + 1) | 0;
    state[at] = b ^ (b >>> 9);
    state[at + 1] = (c + (c << 3)) | 0;
    state[at + 2] = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Uniform in [0, 1), 32 bits fine. */
  unit(stream: number): number {
    return this.next(stream) / 0x1_0000_0000;
  }

  /** Uniform over 0 .. count - 1. */
  below(stream: number, count: number): number {
    return Math.floor(this.unit(stream) * count);
  }

  /** A sample of `duration`, whole nanoseconds. A constant takes no number from the stream. */
  duration(stream: number, duration: DurationPlan): number {
    switch (duration.kind) {
      case 'constant':
        return duration.ns;
      case 'uniform':
        return Math.round(duration.lowNs + this.unit(stream) * (duration.highNs - duration.lowNs));
      case 'exponential':
        return cut(duration.meanNs * -ln(1 - this.unit(stream)), duration.leastNs, duration.mostNs);
      case 'zipf':
        return duration.unitNs * rankOf(duration.cumulative, this.unit(stream));
      case 'logNormal': {
        const normal = this.normal(stream);
        const ns = duration.medianNs * exp(duration.sigma * normal);
        return cut(ns, duration.leastNs, duration.mostNs);
      }
    }
  }

  /** Standard normal, by Box and Muller: always two numbers from the stream. */
  private normal(stream: number): number {
    const radius = Math.sqrt(-2 * ln(1 - this.unit(stream)));
    return radius * cosOfTurns(this.unit(stream));
  }
}

/** The first rank, from 1, whose cumulative probability is above `unit`. */
function rankOf(cumulative: readonly number[], unit: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > unit) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

function cut(value: number, least: number, most: number): number {
  return Math.round(Math.min(Math.max(value, least), most));
}

/** Spreads a number over 32 bits (the finishing step of MurmurHash3). */
function mixed(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
