import { describe, expect, it } from '@jest/globals';
import { boundedChange, maxChangeBytes } from './audit.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('what changed, as the audit has it', () => {
  it('is whole if it is small', () => {
    const change = { before: { name: 'Globex', enabled: true }, after: { name: 'Globex', enabled: false } };
    expect(boundedChange(change)).toEqual(change);
    expect(boundedChange({ before: null, after: change.after })).toEqual({ before: null, after: change.after });
  });

  it('is without large fields that did not change, and otherwise whole', () => {
    const localHandles = Array.from({ length: 100 }, (_, n) => `team-${n}`);
    const fallbackHandle = (name: string) => ({ localHandles, fallbackHandle: name });
    expect(boundedChange({ before: fallbackHandle('web'), after: fallbackHandle('db') })).toEqual({
      before: { fallbackHandle: 'web' },
      after: { fallbackHandle: 'db' },
    });
  });

  it('has at most 1 KiB, even if each of its texts is as long as it may be', () => {
    const view = (word: string) => ({
      name: word.repeat(100),
      slug: word.slice(0, 1).repeat(63),
      dataCenter: 'custom-eu-1',
      destinationOrg: { id: 'i'.repeat(64), name: word.repeat(100) },
      enabled: true,
      failover: { connectionId: '0199f3a0-0000-7000-8000-000000000001', teamHandle: 't'.repeat(195) },
      version: 1_000_000,
      credential: { revision: 1000, apiKeyLast4: '0001', applicationKeyLast4: '0002', checkStatus: 'passed' },
    });
    const change = { before: view('a😀"'), after: view('b\\é') };
    expect(bytesOf(change)).toBeGreaterThan(maxChangeBytes);
    const { before, after } = boundedChange(change);
    expect(bytesOf(before) + bytesOf(after)).toBeLessThanOrEqual(maxChangeBytes);
    expect(after).toMatchObject({
      name: { first: expect.stringMatching(/^b/), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    const severities = (word: string) =>
      Array.from({ length: 50 }, (_, n) => ({ severity: `${n}${word.repeat(64)}`.slice(0, 64), priority: 'P1' }));
    const integration = (word: string) => ({
      name: 'n'.repeat(40),
      kind: 'alertmanager',
      defaultHandle: word.slice(0, 1).repeat(195),
      noDefaultFor: Array.from({ length: 100 }, (_, n) => `${n}${word.repeat(128)}`),
      severities: severities(word),
      repeatHours: 4,
      version: 1_760_000_000,
    });
    const policy = (word: string) => ({ rules: Array.from({ length: 100 }, (_, n) => `${word.repeat(32)}${n}`) });
    const views = [integration('a😀"'), integration('b\\é'), policy('\u0001'), policy('\u0002')] as const;
    for (const change of [
      { before: views[0], after: views[1] },
      { before: views[2], after: views[3] },
      { before: view('😀'), after: view('😎') },
    ]) {
      const bounded = boundedChange(change);
      expect(bytesOf(bounded.before) + bytesOf(bounded.after)).toBeLessThanOrEqual(maxChangeBytes);
    }
    const settings = (word: string) => ({
      localHandles: Array.from({ length: 1000 }, (_, n) => `${n}${word}`.padEnd(195, word)),
      fallbackHandle: word.repeat(195),
      alertTopic: 'shared',
      version: 1_000_000,
    });
    const both = boundedChange({ before: settings('a'), after: settings('b') });
    expect(bytesOf(both.before) + bytesOf(both.after)).toBeLessThanOrEqual(maxChangeBytes);
  });
});
