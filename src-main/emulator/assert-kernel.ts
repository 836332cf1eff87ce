/**
 * The kernel's ASSERT, and what else makes the emulated kernel panic.
 *
 * Both errors end the emulation: what was recorded before them is the evidence and is kept.
 */

/** An ASSERT of the original C does not hold. */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
  /** The kernel function that asserts. */
  readonly functionName: string;
  /** The asserted expression, as the C source writes it. */
  readonly condition: string;

  constructor(functionName: string, condition: string) {
    super(`assertion failed in ${functionName}: ${condition}`);
    this.functionName = functionName;
    this.condition = condition;
  }
}

/** The emulated kernel cannot go on: a null structure dereferenced, memory freed twice or leaked. */
export class KernelPanic extends Error {
  override readonly name = 'KernelPanic';
  /** The kernel function that panics. */
  readonly functionName: string;

  constructor(functionName: string, message: string) {
    super(`panic in ${functionName}: ${message}`);
    this.functionName = functionName;
  }
}

/**
 * Throws an {@link AssertionFailure} unless `holds`. Costs a test: both texts are constants.
 *
 * @param condition the expression as the C source writes it: conformance compares it
 */
export function ASSERT(holds: boolean, functionName: string, condition: string): asserts holds {
  if (!holds) throw new AssertionFailure(functionName, condition);
}
