import { describe, expect, it } from '@jest/globals';
import { draftOf, type SourceOrg } from './draft.ts';
import { fieldWords, warningWords } from './words.ts';

const field = 'fallbackHandle';

describe('the words of a warning', () => {
  it('are those of the service, without the name of the field', () => {
    const message = 'fallbackHandle: no active connection of acme-us has the handle @oncall-x';
    expect(warningWords({ field, code: 'unknown-handle', message, cure: 'Set another.' })).toBe(
      'No active connection of acme-us has the handle @oncall-x. Set another.',
    );
  });

  it('name a screen instead of a request', () => {
    const message = 'fallbackHandle was stored but not checked';
    const cure = 'See its effect with POST /v1/explain.';
    expect(warningWords({ field, code: 'not-checked', message, cure })).toBe(
      'It was stored but not checked. Use Explain to see what it pages.',
    );
  });
});

describe('the words of settings', () => {
  const value: SourceOrg = {
    sourceOrg: 'acme-us',
    localHandles: ['web', 'db'],
    fallbackHandle: null,
    alertTopic: 'both',
    alertTopicSince: null,
    version: 3,
    updatedAt: null,
  };

  it('name each field that a person can change', () => {
    expect(fieldWords(draftOf({ value, etag: '"3"' }))).toEqual({
      'local handles': 'web, db',
      'fallback handle': 'none',
      'alert topic': 'both',
    });
  });
});
