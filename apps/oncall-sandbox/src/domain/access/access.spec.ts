import { describe, expect, it } from '@jest/globals';
import { seedOrg } from '../seed.ts';
import { identify, mayCall } from './access.ts';

let count = 0;
const dependencies = {
  now: () => new Date(0),
  pause: async () => undefined,
  uuid: () => `id-${++count}`,
  secret: (length: number) => String(++count).padStart(length, '0'),
};
const config = { org: 'globex', dataCenter: 'EU1', apiPort: 0, pagingPort: 0, teams: [{ handle: 'core-infra' }] };
const org = seedOrg(config, dependencies);
const apiKey = org.apiKeys.find('default')?.key;
const callerWith = (name: string) =>
  identify(org, { apiKey, applicationKey: org.applicationKeys.find(name)?.key }, new Date(0));

describe('identify', () => {
  it('identifies a caller by both keys', () => {
    expect(callerWith('good')).toMatchObject({ apiKey: { name: 'default' }, user: { name: 'paging-service' } });
  });

  it('distinguishes missing keys from invalid ones', () => {
    expect(identify(org, { apiKey, applicationKey: undefined }, new Date(0))).toBe('missing');
    expect(identify(org, { apiKey, applicationKey: 'wrong' }, new Date(0))).toBe('invalid');
    expect(callerWith('disabled')).toBe('invalid');
  });
});

describe('mayCall', () => {
  it.each([
    ['good', 'user_access_read', true],
    ['good', 'user_app_keys', false],
    ['no-user-access-read', 'user_access_read', false],
    ['scoped', 'on_call_page', true],
    ['scoped', 'user_access_read', false],
    ['no-paging', 'on_call_page', false],
  ])('says whether the key %s may use %s: %s', (name, permission, expected) => {
    const caller = callerWith(name);
    if (typeof caller === 'string') throw new Error(caller);
    expect(mayCall(org, caller, permission)).toBe(expected);
  });

  it('refuses a permission that is in a scope but in no role', () => {
    const owner = org.users.find('reading-service')?.id ?? '';
    const key = {
      id: 'x',
      name: 'x',
      key: 'x',
      ownerId: owner,
      scopes: ['on_call_page'],
      about: '',
      createdAt: new Date(0),
    };
    org.applicationKeys.add(key);
    const caller = callerWith('x');
    if (typeof caller === 'string') throw new Error(caller);
    expect(mayCall(org, caller, 'on_call_page')).toBe(false);
  });
});

describe('seedOrg', () => {
  it('gives a team the same id and generates new keys at each start', () => {
    const again = seedOrg(config, dependencies);
    expect(again.teams.withHandle('core-infra')).toEqual(org.teams.withHandle('core-infra'));
    expect(again.apiKeys.find('default')?.key).not.toBe(apiKey);
  });

  it('uses the configured keys', () => {
    const given = seedOrg({ ...config, apiKey: 'A', applicationKey: 'B' }, dependencies);
    expect(identify(given, { apiKey: 'A', applicationKey: 'B' }, new Date(0))).toMatchObject({
      applicationKey: { name: 'good' },
    });
  });
});
