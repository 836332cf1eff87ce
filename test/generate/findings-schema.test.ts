import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findingsJson } from '#main/findings/findings-json.ts';
import { findingsOf } from '#main/findings/testing/findings-of.ts';
import { findingsSchema } from './findings-schema.ts';

const scenario = (name: string): string =>
  readFileSync(new URL(`../../traces/scenarios/${name}.yaml`, import.meta.url), 'utf8');

describe('the JSON of findings', () => {
  it.each(['convoy-behind-a-revoked-request', 'missing-schedctl-stop', 'latch'])(
    'of %s is what the published schema says',
    (name) => {
      const json: unknown = JSON.parse(JSON.stringify(findingsJson(findingsOf(scenario(name)))));
      expect(findingsSchema.safeParse(json).error).toBeUndefined();
    },
  );

  it('is refused by the schema where a field is missing or unknown', () => {
    const json = findingsJson(findingsOf(scenario('latch')));
    expect(findingsSchema.safeParse({ ...json, more: 1 }).success).toBe(false);
    expect(findingsSchema.safeParse({ ...json, ledger: undefined }).success).toBe(false);
  });
});
