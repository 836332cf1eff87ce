/** What the checks of the contract use of node:assert/strict, for pages. */

function fail(message?: string): never {
  throw new Error(message ?? 'failed');
}

const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 500) ?? String(value);

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (one.constructor.name !== other.constructor.name) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) =>
      isSame((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
    )
  );
}

const assert = {
  fail,
  ok(value: unknown, message?: string): void {
    if (!value) fail(message);
  },
  equal(one: unknown, other: unknown): void {
    if (!Object.is(one, other)) fail(`${show(one)} is not ${show(other)}`);
  },
  deepEqual(one: unknown, other: unknown): void {
    if (!isSame(one, other)) fail(`${show(one)} is not ${show(other)}`);
  },
  match(text: string, pattern: RegExp): void {
    if (!pattern.test(text)) fail(`${text} does not match ${pattern}`);
  },
};
export default assert;
