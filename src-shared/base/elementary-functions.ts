/**
 * Logarithm, exponential and cosine, the same to the last bit on every engine.
 *
 * ECMAScript leaves the precision of Math.log, Math.exp, Math.cos and Math.pow to the engine, and engines have
 * changed theirs; a trace that depends on them would not be reproducible. These use only operations that IEEE 754
 * rounds in one way: addition, subtraction, multiplication, division. Errors are a few units in the last place.
 *
 * Hot: a sample of a random duration calls them once or twice; they allocate nothing.
 */

const LN2_HIGH = 0.6931471803691238; // the low 20 bits are zero: k * LN2_HIGH is exact for every exponent k
const LN2_LOW = 1.9082149292705877e-10;
const SQRT_HALF = 0.7071067811865476;
const HALF_PI = 1.5707963267948966;
const EXPONENT_BIAS = 1023;
/** Beyond this the result is 0 or Infinity for the purposes of a duration. */
const EXP_LIMIT = 700;

/** Coefficients of the series, highest power first: 1/25, 1/23, .. 1/3; 1/14!, 1/13!, .. 1; 1/20!, -1/18!, .. */
const ATANH = Float64Array.from({ length: 12 }, (_, index) => 1 / (25 - 2 * index));
const EXP = Float64Array.from({ length: 15 }, (_, index) => 1 / factorial(14 - index));
const COS = Float64Array.from({ length: 11 }, (_, index) => sign(index) / factorial(20 - 2 * index));
const SIN = Float64Array.from({ length: 11 }, (_, index) => sign(index) / factorial(21 - 2 * index));

const bits = new DataView(new ArrayBuffer(8));

/** Natural logarithm. `x` is a normal number above 0 (2^-1022 or more). */
export function ln(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - EXPONENT_BIAS + 1;
  // The mantissa in 0.5 .. 1, then in sqrt(0.5) .. sqrt(2), where the series is short.
  bits.setUint32(0, ((high & 0xf_ffff) | ((EXPONENT_BIAS - 1) << 20)) >>> 0);
  let mantissa = bits.getFloat64(0);
  if (mantissa < SQRT_HALF) {
    mantissa *= 2;
    exponent--;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)) = 2 (s + s^3/3 + s^5/5 + ...)
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  const tail = s * square * polynomial(ATANH, square);
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * (s + tail));
}

/** e to the power of `x`; 0 below -700, Infinity above 700. */
export function exp(x: number): number {
  if (x > EXP_LIMIT) return Infinity;
  if (x < -EXP_LIMIT) return 0;
  const exponent = Math.round(x / (LN2_HIGH + LN2_LOW));
  const rest = x - exponent * LN2_HIGH - exponent * LN2_LOW;
  bits.setUint32(0, (exponent + EXPONENT_BIAS) << 20);
  bits.setUint32(4, 0);
  return polynomial(EXP, rest) * bits.getFloat64(0);
}

/** `base`, above 0, to the power of `exponent`. */
export function pow(base: number, exponent: number): number {
  return exp(exponent * ln(base));
}

/** Cosine of `turns` full turns, that is of 2 pi `turns`; 0 <= turns < 1. */
export function cosOfTurns(turns: number): number {
  const quarters = Math.floor(turns * 4 + 0.5);
  const angle = (turns * 4 - quarters) * HALF_PI; // -pi/4 .. pi/4
  const square = angle * angle;
  switch (quarters) {
    case 1:
      return -angle * polynomial(SIN, square);
    case 2:
      return -polynomial(COS, square);
    case 3:
      return angle * polynomial(SIN, square);
    default:
      return polynomial(COS, square);
  }
}

/** By Horner's rule. */
function polynomial(coefficients: Float64Array, x: number): number {
  let sum = coefficients[0]!;
  for (let index = 1; index < coefficients.length; index++) sum = sum * x + coefficients[index]!;
  return sum;
}

/** Exact up to 22!. */
function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** 1, -1, 1, .. */
function sign(index: number): number {
  return index % 2 === 0 ? 1 : -1;
}
