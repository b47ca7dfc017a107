import { describe, expect, it } from '@jest/globals';
import { requiredPermissions } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import type { Answer, CredentialFacts, DestinationUser } from './check.ts';
import { judgeCredential } from './judge-credential.ts';

const permissions = requiredPermissions.map(({ name }) => name as string);
const user: DestinationUser = {
  id: 'account-1',
  serviceAccount: true,
  disabled: false,
  permissions,
  org: { id: 'org-1', name: 'Globex' },
};
const answered = <T>(value: T): Answer<T> => ({ kind: 'answered', value });
const refused = { kind: 'refused', detail: 'Forbidden' } as const;
const notAsked = { kind: 'not-asked' } as const;
const unavailable = { kind: 'unavailable', cause: 'unreachable', detail: '503', retryAfterMs: 2000 } as const;

const good: CredentialFacts = {
  applicationKeyKind: 'application-key',
  applicationKeyLast4: 'wxyz',
  apiKey: answered(true),
  keyPair: answered(true),
  user: answered(user),
  applicationKeys: answered([{ last4: 'wxyz', scopes: null }]),
  users: answered(true),
  teams: answered(['team-1']),
  routingRules: answered(true),
};
const judge = (facts: Partial<CredentialFacts>) => judgeCredential({ ...good, ...facts });
const failures = (facts: Partial<CredentialFacts>) => judge(facts).checks.filter((check) => check.result === 'failed');

describe('judgeCredential', () => {
  it('passes a good key pair with every check by name, and with its org', () => {
    const verdict = judge({});
    expect(verdict).toMatchObject({ kind: 'passed', destinationOrg: { name: 'Globex' } });
    expect(verdict.checks.map(({ name, result }) => [name, result])).toEqual(
      [
        'application-key-kind',
        'api-key',
        'key-pair',
        'service-account',
        'account-enabled',
        'unscoped',
        ...permissions.map((name) => `permission:${name}`),
        'reads-users',
        'reads-teams',
        'reads-routing-rules',
      ].map((name) => [name, 'passed']),
    );
  });

  it.each([
    ['an access token', { applicationKeyKind: 'personal-access-token' }, 'application-key-kind', /without scopes/],
    ['an unknown API key', { apiKey: answered(false) }, 'api-key', /data center/],
    ['a refused API key', { apiKey: refused }, 'api-key', /data center/],
    ['a wrong application key', { keyPair: refused }, 'key-pair', /same org/],
    ["a person's key", { user: answered({ ...user, serviceAccount: false }) }, 'service-account', /service account/],
    ['a disabled account', { user: answered({ ...user, disabled: true }) }, 'account-enabled', /Enable/],
    [
      'a scoped key',
      { applicationKeys: answered([{ last4: 'wxyz', scopes: ['teams_read'] }]) },
      'unscoped',
      /without scopes/,
    ],
    ['an unreadable user list', { users: refused }, 'reads-users', /but the key does not/],
    ['unreadable routing rules', { routingRules: refused }, 'reads-routing-rules', /but the key does not/],
  ] as const)('fails %s, naming the check and the cure', (_what, facts, name, cure) => {
    expect(judge(facts as Partial<CredentialFacts>).kind).toBe('failed');
    expect(failures(facts as Partial<CredentialFacts>)).toEqual([
      expect.objectContaining({ name, cure: expect.stringMatching(cure) }),
    ]);
  });

  it.each(permissions)('names %s if the role lacks it', (permission) => {
    const without = { ...user, permissions: permissions.filter((name) => name !== permission) };
    expect(failures({ user: answered(without) })).toEqual([
      expect.objectContaining({ name: `permission:${permission}`, missingPermission: permission }),
    ]);
  });

  it.each(['user_access_read', 'teams_read'])('gives an additional role as the cure for a missing %s', (permission) => {
    const without = { ...user, permissions: permissions.filter((name) => name !== permission) };
    const refusedRead = permission === 'teams_read' ? { teams: refused, routingRules: notAsked } : { users: refused };
    for (const check of failures({ user: answered(without), ...refusedRead })) {
      expect(check.cure).toMatch(new RegExp(`additional role that holds ${permission}`));
    }
  });

  it('reports the scope as unknown, not as failed, if the account may not list its keys', () => {
    const verdict = judge({ applicationKeys: refused });
    expect(verdict.kind).toBe('passed');
    expect(verdict.checks.find(({ name }) => name === 'unscoped')).toMatchObject({ result: 'unknown' });
  });

  it('passes a destination without teams, whose routing rules are not tried', () => {
    const verdict = judge({ teams: answered([]), routingRules: notAsked });
    expect(verdict.kind).toBe('passed');
    expect(verdict.checks.find(({ name }) => name === 'reads-routing-rules')).toMatchObject({ result: 'skipped' });
  });

  it('passes by the tried reads if the destination lists no permissions', () => {
    const verdict = judge({ user: answered({ ...user, permissions: undefined }) });
    expect(verdict.kind).toBe('passed');
    expect(verdict.checks.filter(({ result }) => result === 'unknown')).toHaveLength(permissions.length);
  });

  it('skips the questions after an early failure', () => {
    const rest = { keyPair: notAsked, user: notAsked, applicationKeys: notAsked, users: notAsked } as const;
    const verdict = judge({ apiKey: refused, ...rest, teams: notAsked, routingRules: notAsked });
    expect(verdict.kind).toBe('failed');
    expect(new Set(verdict.checks.slice(2).map(({ result }) => result))).toEqual(new Set(['skipped']));
  });

  it('reports a silent destination as unavailable, with its Retry-After', () => {
    expect(judge({ user: unavailable })).toMatchObject({
      kind: 'unavailable',
      cause: 'unreachable',
      retryAfterMs: 2000,
    });
  });

  it('prefers a known failure to a missing answer', () => {
    expect(judge({ apiKey: answered(false), teams: unavailable }).kind).toBe('failed');
  });

  it('refuses a rotation to another org', () => {
    expect(judgeCredential(good, { id: 'org-1', name: 'Globex' }).kind).toBe('passed');
    const verdict = judgeCredential(good, { id: 'org-2', name: 'Initech' });
    expect(verdict.checks.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual(['same-org']);
  });

  it('never passes if any answer fails or is missing', () => {
    const answer = <T>(...values: T[]) =>
      fc.oneof(fc.constantFrom(refused, unavailable, notAsked), fc.constantFrom(...values).map(answered));
    const facts = fc.record({
      applicationKeyKind: fc.constantFrom('application-key', 'service-access-token'),
      applicationKeyLast4: fc.constantFrom('wxyz', 'abcd'),
      apiKey: answer(true, false),
      keyPair: answer(true, false),
      user: answer(user, { ...user, permissions: undefined }, { ...user, permissions: [] }),
      applicationKeys: answer([{ last4: 'wxyz', scopes: null as string[] | null }], [{ last4: 'wxyz', scopes: ['a'] }]),
      users: answer(true),
      teams: answer<readonly string[]>([], ['team-1']),
      routingRules: answer(true),
    });
    fc.assert(
      fc.property(facts, (said) => {
        const verdict = judgeCredential(said as CredentialFacts);
        const failed = verdict.checks.filter(({ result }) => result === 'failed');
        expect(verdict.kind === 'failed').toBe(failed.length > 0);
        expect(failed.every(({ cure }) => cure)).toBe(true);
        if (verdict.kind === 'passed') expect(Object.values(said)).not.toContain(unavailable);
      }),
    );
  });
});
