import { expect, test } from 'vitest';
import { createSessionTokens } from './session-tokens.ts';

test('each run has a token of its own, which nothing else matches', () => {
  const tokens = createSessionTokens();
  expect(tokens.isToken(tokens.token)).toBe(true);
  for (const wrong of ['', tokens.token.slice(1), `${tokens.token}x`, createSessionTokens().token]) {
    expect(tokens.isToken(wrong)).toBe(false);
  }
});

test('a ticket buys the token once', () => {
  const tokens = createSessionTokens();
  const ticket = tokens.issueTicket();
  expect(tokens.isToken(ticket)).toBe(false);
  expect(tokens.redeem(ticket)).toBe(tokens.token);
  expect(tokens.redeem(ticket)).toBeNull();
  expect(tokens.redeem('made up')).toBeNull();
});

test('a ticket is worth nothing after a minute', () => {
  let nowMs = 0;
  const tokens = createSessionTokens(() => nowMs);
  const [early, late] = [tokens.issueTicket(), tokens.issueTicket()];
  nowMs = 60_000;
  expect(tokens.redeem(early)).toBe(tokens.token);
  nowMs = 60_001;
  expect(tokens.redeem(late)).toBeNull();
});
