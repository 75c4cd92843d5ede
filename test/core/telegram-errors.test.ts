import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readSeconds, silentUntil } from '../../src/core/retry-after.ts';
import { judgeAskError, judgeSendError, secondsInWords } from '../../src/core/telegram-errors.ts';

const NOW = 1_764_000_000_000;
const say = (status: number, description: string, retryAfterS: number | null = null) => ({ status, description, retryAfterS });

describe('an error about a message', () => {
  it.each([
    [403, 'Forbidden: bot was blocked by the user', 'blocked', 'guest'],
    [403, 'Forbidden: bot was kicked from the group chat', 'blocked', 'guest'],
    [403, 'Forbidden: bot is not a member of the channel chat', 'blocked', 'guest'],
    [403, 'Forbidden: user is deactivated', 'deactivated', 'guest'],
    [403, "Forbidden: bot can't initiate conversation with a user", 'not_started', 'guest'],
    [403, "Forbidden: bot can't send messages to bots", 'chat_not_found', 'guest'],
    [403, "Forbidden: bots can't send messages to bots", 'chat_not_found', 'guest'],
    [403, 'Forbidden: something of tomorrow', 'bad_request', 'ours'],
    [400, 'Bad Request: chat not found', 'chat_not_found', 'guest'],
    [400, 'Bad Request: private chat not found', 'chat_not_found', 'guest'],
    [400, 'Bad Request: PEER_ID_INVALID', 'chat_not_found', 'guest'],
    [400, 'Bad Request: INPUT_USER_DEACTIVATED', 'deactivated', 'guest'],
    [400, 'Bad Request: group chat was upgraded to a supergroup chat', 'migrated', 'guest'],
    [400, 'Bad Request: message is too long', 'too_long', 'ours'],
    [400, 'Bad Request: MESSAGE_TOO_LONG', 'too_long', 'ours'],
    [400, 'Bad Request: message text is empty', 'bad_text', 'ours'],
    [400, 'Bad Request: text must be non-empty', 'bad_text', 'ours'],
    [400, 'Bad Request: can\'t parse entities: Unsupported start tag "br" at byte offset 12', 'bad_text', 'ours'],
    [400, 'Bad Request: chat_id is empty', 'bad_request', 'ours'],
    [400, 'Bad Request: something of tomorrow', 'bad_request', 'ours'],
    [400, '', 'bad_request', 'ours'],
  ])('%i «%s» refuses it: %s, %s', (status, description, code, whose) => {
    expect(judgeSendError(say(status, description), NOW)).toMatchObject({ outcome: 'refused', code, whose });
  });

  it.each([
    [401, 'Unauthorized'],
    [401, 'Unauthorized: invalid token specified'],
    [404, 'Not Found'],
    [404, 'Not Found: method not found'],
    [409, 'Conflict: terminated by setWebhook request'],
    [421, 'Misdirected Request: unallowed token specified'],
  ])('%i «%s» lets it wait: the account must be mended', (status, description) => {
    expect(judgeSendError(say(status, description), NOW)).toEqual({
      outcome: 'retry',
      code: 'unusable',
      notBefore: null,
      detail: `${status} ${description}`,
    });
  });

  it('429 lets it wait as long as it was told to', () => {
    expect(judgeSendError(say(429, 'Too Many Requests: retry after 35', 35), NOW)).toMatchObject({
      outcome: 'retry',
      code: 'limited',
      notBefore: NOW + 35_000,
    });
  });

  it.each([500, 502, 504, 599])('%i leaves it in doubt', (status) => {
    expect(judgeSendError(say(status, 'Internal Server Error: restart'), NOW)).toMatchObject({ outcome: 'in_doubt', code: 'server' });
  });

  it('never counts as delivered, and waits or is in doubt only where its status says so', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), fc.string(), (status, description) => {
        const { outcome } = judgeSendError(say(status, description), NOW);
        const expected = status >= 500 ? 'in_doubt' : status === 400 || status === 403 ? 'refused' : 'retry';
        expect(outcome).toBe(expected);
      }),
    );
  });
});

describe('an error about a question', () => {
  it.each([
    [401, 'Unauthorized', { answer: 'unusable', why: 'unauthorized' }],
    [404, 'Not Found', { answer: 'unusable', why: 'malformed' }],
    [421, 'Misdirected Request: unallowed token specified', { answer: 'unusable', why: 'filtered' }],
    [
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      { answer: 'conflict', why: 'webhook' },
    ],
    [409, 'Conflict: terminated by setWebhook request', { answer: 'conflict', why: 'webhook' }],
    [
      409,
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      { answer: 'conflict', why: 'second_reader' },
    ],
    [500, 'Internal Server Error: restart', { answer: 'server' }],
    [400, 'Bad Request: offset is invalid', { answer: 'unreadable' }],
  ])('%i «%s» means %o', (status, description, expected) => {
    expect(judgeAskError(say(status, description), NOW)).toEqual({ ...expected, detail: `${status} ${description}` });
  });

  it('429 says until when', () => {
    expect(judgeAskError(say(429, '', 5), NOW)).toEqual({ answer: 'limited', until: NOW + 5000 });
  });
});

describe('the seconds of a 429', () => {
  it.each([
    [[35, '7'], 35],
    [[undefined, '7'], 7],
    [['12'], 12],
    [[null, null, '90'], 90],
    [[0], 1],
    [[0.2], 1],
    [[2.5], 3],
    [[86_400], 86_400],
    [[-1, 4], 4],
    [[Number.NaN, Infinity, 4], 4],
    [[1e12, 4], 4],
    [['soon', {}, [], true], null],
    [[], null],
  ])('of %j are %j', (candidates, expected) => {
    expect(readSeconds(candidates)).toBe(expected);
  });

  it('are never shortened', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (asked) => (readSeconds([asked]) ?? -1) >= asked));
  });

  it('are read from the words, where they stand nowhere else', () => {
    expect(secondsInWords('Too Many Requests: retry after 17')).toBe('17');
    expect(secondsInWords('Too Many Requests')).toBeNull();
  });

  it('are thirty when none can be read', () => {
    expect(silentUntil({ retryAfterS: null }, NOW)).toBe(NOW + 30_000);
  });
});
