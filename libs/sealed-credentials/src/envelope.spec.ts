import { describe, expect, it } from '@jest/globals';
import { kidOf, resealFault, seal } from './index.ts';
import { generateSealingKey } from './sealing-key.ts';

const [before, after] = [(await generateSealingKey()).publicKey, (await generateSealingKey()).publicKey];
const binding = { connectionId: 'c', sourceOrg: 'o', dataCenter: 'EU1', destinationOrg: { id: 'd' } };
const keys = { apiKey: 'canary-api-key-0123456789', applicationKey: 'ddapp_canary-application-key' };
const former = await seal(before, binding, keys);
const sealed = await seal(after, binding, keys);
const shorter = await seal(after, binding, { ...keys, apiKey: 'a' });
const parts = sealed.split('.');
const withPart = (index: number, part: string) => parts.with(index, part).join('.');
const withHeader = (fields: object) => {
  const header = { ...JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString()), ...fields };
  return withPart(0, Buffer.from(JSON.stringify(header)).toString('base64url'));
};

describe('a sealed credential, without the key that opens it', () => {
  it('shows which key it is sealed for', () => {
    expect([kidOf(former), kidOf(sealed)]).toEqual([before.kid, after.kid]);
    expect(['', 'a.b.c.d.e', withHeader({ kid: 7 })].map(kidOf)).toEqual([undefined, undefined, undefined]);
  });

  it('may replace a sealed credential with the same keys', () => {
    expect(resealFault(sealed, former, after.kid)).toBeUndefined();
  });

  it.each([
    ['is not a sealed credential', 'a.b', 'five parts'],
    ['is sealed for another key', former, before.kid],
    ['names another key management', withHeader({ alg: 'ECDH-ES' }), 'alg ECDH-ES+A256KW'],
    ['names another encryption', withHeader({ enc: 'A128GCM' }), 'enc A256GCM'],
    ['has no ephemeral key', withHeader({ epk: undefined }), 'wrong format or length'],
    ['has a longer wrapped key', withPart(1, `${parts[1]}AA`), 'wrong format or length'],
    ['has characters outside base64url', withPart(3, `${parts[3]?.slice(0, -1)}=`), 'wrong format or length'],
    ['holds keys of another length', shorter, 'lengths are different'],
  ])('may not replace one if it %s', (_what, text, fault) => {
    expect(resealFault(text, former, after.kid)).toContain(fault);
  });
});
