import { describe, expect, it } from '@jest/globals';
import { problemOf } from './problem.ts';
import { wordsOf } from './problem-words.ts';

const told = (code: string, detail: string, its: object = {}) =>
  wordsOf(problemOf(409, { code, detail, ...its }), 'acme-us');

describe('the words of a problem', () => {
  it('are those of the service if they are for people', () => {
    const detail = 'Another connection has this name; nothing was stored.';
    expect(told('name-taken', detail)).toEqual({ text: detail, cure: undefined });
  });

  it.each([
    [
      'a limit',
      'limit-reached',
      'At most 10 changes may be requested by one caller in an hour. No destination was called, and nothing was stored. Retry in 1200 s.',
      'At most 10 changes may be requested by one caller in an hour. No destination was called, and nothing was stored.',
    ],
    [
      'too many test pages',
      'too-many-test-pages',
      'acme-us sent 5 test pages in the last minute. Nobody was paged. Retry in 31 s.',
      'acme-us sent 5 test pages in the last minute. Nobody was paged.',
    ],
    [
      'too many tokens',
      'too-many-tokens',
      'This source org has 100 API tokens that are active, which is the maximum. Revoke tokens that lastUsedAt shows as unused.',
      'This source org has 100 API tokens that are active, which is the maximum. Revoke tokens that are no longer used.',
    ],
  ])('of %s leave out what is only for programs', (_what, code, detail, text) => {
    expect(told(code, detail).text).toBe(text);
  });

  it('have a cure that knows the problem and the org', () => {
    expect(told('alert-topic-unfit', '').cure).toEqual({
      copy: 'pagebridge topics create --org acme-us',
      what: 'the command',
    });
    expect(told('internal-error', '', { requestId: '4b1f' }).cure).toMatchObject({ copy: '4b1f' });
    expect(told('missing-permission', '', { permission: 'audit:read' }).cure).toMatchObject({
      copy: 'audit:read in acme-us',
    });
  });

  it.each(['of-tomorrow', 'toString', '__proto__', 'http-418'])(
    'of the unknown code %s are those of the service',
    (code) => {
      expect(told(code, 'So it is.')).toEqual({ text: 'So it is.', cure: undefined });
    },
  );
});
