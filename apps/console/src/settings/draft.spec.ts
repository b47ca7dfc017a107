import { describe, expect, it } from '@jest/globals';
import { teamHandlePattern } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { draftOf, handleFaultIn, handlesIn, inputOf, isChanged, rebased, type SourceOrg } from './draft.ts';

const value: SourceOrg = {
  sourceOrg: 'acme-us',
  localHandles: ['web', 'db'],
  fallbackHandle: null,
  alertTopic: 'shared',
  alertTopicSince: null,
  version: 3,
  updatedAt: null,
};
const draft = draftOf({ value, etag: '"3"' });

describe('a draft of settings', () => {
  it('changes nothing at first', () => {
    expect(isChanged(draft)).toBe(false);
    expect(inputOf(draft)).toEqual({ localHandles: ['web', 'db'], fallbackHandle: null, alertTopic: 'shared' });
  });

  it.each([
    ['an empty line', { localHandles: 'web\n\n db \n' }, false],
    ['a handle twice', { localHandles: 'web\ndb\nweb' }, false],
    ['blanks for a fallback', { fallbackHandle: '  ' }, false],
    ['one handle less', { localHandles: 'web' }, true],
    ['a fallback', { fallbackHandle: 'core-infra' }, true],
    ['another topic', { alertTopic: 'both' as const }, true],
  ])('with %s changes something: %s', (_what, typed, changes) => {
    expect(isChanged({ ...draft, ...typed })).toBe(changes);
  });

  it('takes the fallback handle as it is mentioned', () => {
    expect(inputOf({ ...draft, fallbackHandle: ' @oncall-core-infra ' }).fallbackHandle).toBe('core-infra');
  });
});

describe('a draft of settings that somebody else has changed meanwhile', () => {
  it('changes only what the person has changed', () => {
    const theirs = { value: { ...value, localHandles: ['api'], fallbackHandle: 'ops', version: 4 }, etag: '"4"' };
    const mine = rebased({ ...draft, fallbackHandle: 'core-infra', alertTopic: 'both' }, theirs);
    expect(mine.base.etag).toBe('"4"');
    expect(inputOf(mine)).toEqual({ localHandles: ['api'], fallbackHandle: 'core-infra', alertTopic: 'both' });
  });
});

describe('the handles of a text', () => {
  it('are any handles, one a line, written as mentions or not', () => {
    const handles = fc.uniqueArray(fc.stringMatching(new RegExp(teamHandlePattern)), { maxLength: 50 });
    fc.assert(
      fc.property(
        handles,
        fc.constantFrom('', '@oncall-', '  '),
        fc.constantFrom('\n', '\r\n', '\n\n'),
        (all, before, end) => {
          const text = all.map((handle) => before + handle).join(end);
          expect(handlesIn(text)).toEqual(all);
          expect(handleFaultIn(text)).toBeUndefined();
        },
      ),
    );
  });

  it.each([
    ['web\nCore Infra', 'Line 2: "Core Infra"'],
    ['web, db', 'Line 1: "web, db"'],
    ['web\n\nü', 'Line 3: "ü"'],
  ])('are no handles in %j', (text, fault) => {
    expect(handleFaultIn(text)).toContain(fault);
  });
});
