/** Whether a value can be an id at all; -1 and nonsense in a damaged file cannot. */
export function isId(value: number): boolean {
  return value >= 0 && value < 1 << 22;
}
