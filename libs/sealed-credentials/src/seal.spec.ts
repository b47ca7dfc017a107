import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyRing, SealedCredentialError, seal } from './index.ts';
import { generateSealingKey } from './sealing-key.ts';

const { publicKey, privateKey } = await generateSealingKey();
const ring = new KeyRing([privateKey]);
const binding = {
  connectionId: '5c1b1f0e-6d3c-4f6e-9a53-0d8a4f0f6d11',
  sourceOrg: 'acme-us',
  dataCenter: 'EU1',
  destinationOrg: { id: 'org-1' },
};
const credential = { apiKey: 'canary-api-key-0123456789', applicationKey: 'ddapp_canary-application-key' };

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'opened',
    (error: unknown) => (error instanceof SealedCredentialError ? error.code : 'another error'),
  );

describe('a sealed credential', () => {
  it('opens with the ring that holds its key, for its own connection', async () => {
    expect(await ring.open(await seal(publicKey, binding, credential), binding)).toEqual(credential);
  });

  it('opens for any texts as keys', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string({ unit: 'binary' }), async (apiKey, applicationKey) => {
        const sealed = await seal(publicKey, binding, { apiKey, applicationKey });
        expect(await ring.open(sealed, binding)).toEqual({ apiKey, applicationKey });
      }),
      { numRuns: 30 },
    );
  });

  it('does not open for another connection, org or destination', async () => {
    const sealed = await seal(publicKey, binding, credential);
    const other = fc.record({
      connectionId: fc.string(),
      sourceOrg: fc.string(),
      dataCenter: fc.string(),
      destinationOrg: fc.record({ id: fc.string() }),
    });
    const part = fc.constantFrom('connectionId', 'sourceOrg', 'dataCenter', 'destinationOrg');
    await fc.assert(
      fc.asyncProperty(other, part, async (moved, name) => {
        expect(await codeOf(ring.open(sealed, moved))).toBe('not-openable');
        expect(await codeOf(ring.open(sealed, { ...binding, [name]: moved[name] }))).toBe('not-openable');
      }),
      { numRuns: 30 },
    );
  });

  it('does not open if one of its characters is changed', async () => {
    const sealed = await seal(publicKey, binding, credential);
    // The last character of a part may contain unused bits, so that changing it may have no effect.
    const significant = [...sealed].flatMap((c, i) => (c === '.' || /^.?(\.|$)/.test(sealed.slice(i + 1)) ? [] : [i]));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...significant), fc.constantFrom('A', 'z', '7'), async (index, other) => {
        fc.pre(sealed[index] !== other);
        const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
        expect(['not-openable', 'malformed', 'unknown-key']).toContain(await codeOf(ring.open(changed, binding)));
      }),
      { numRuns: 60 },
    );
  });

  it('contains neither its plaintext nor its binding, and differs each time', async () => {
    const sealed = await seal(publicKey, binding, credential);
    const readable = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const secret of ['canary', binding.connectionId, binding.sourceOrg]) {
      expect([sealed, ...readable].join()).not.toContain(secret);
    }
    expect(await seal(publicKey, binding, credential)).not.toBe(sealed);
    expect(sealed.length).toBeLessThan(600);
  });

  it('names its key in the protected header', async () => {
    const [header = ''] = (await seal(publicKey, binding, credential)).split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ kid: publicKey.kid });
  });
});

describe('KeyRing', () => {
  it('opens credentials that were sealed for an older key that it still holds', async () => {
    const newer = await generateSealingKey();
    const both = KeyRing.parse(JSON.stringify({ keys: [newer.privateKey, privateKey] }));
    expect(await both.open(await seal(publicKey, binding, credential), binding)).toEqual(credential);
    expect(await both.open(await seal(newer.publicKey, binding, credential), binding)).toEqual(credential);
  });

  it('names the missing key in its error', async () => {
    const stranger = await generateSealingKey();
    const attempt = ring.open(await seal(stranger.publicKey, binding, credential), binding);
    await expect(attempt).rejects.toMatchObject({ code: 'unknown-key', kid: stranger.publicKey.kid });
    await expect(attempt).rejects.toThrow(stranger.publicKey.kid);
  });

  it.each(['', 'abc', 'a.b.c.d.e', '....', `${'e30'}.b.c.d.e`])('calls %j malformed', async (text) => {
    expect(await codeOf(ring.open(text, binding))).toBe('malformed');
  });

  it('refuses a sealed credential with another algorithm', async () => {
    const sealed = await seal(publicKey, binding, credential);
    const [, ...rest] = sealed.split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid: publicKey.kid })).toString(
      'base64url',
    );
    expect(await codeOf(ring.open([header, ...rest].join('.'), binding))).toBe('not-openable');
  });

  it('repeats no key material and no plaintext in an error', async () => {
    const sealed = await seal(publicKey, binding, credential);
    const errors = await Promise.all(
      [
        ring.open(sealed, { ...binding, sourceOrg: 'globex' }),
        Promise.resolve().then(() => KeyRing.parse(`{"keys":"${privateKey.d}`)),
        Promise.resolve().then(() => KeyRing.parse(JSON.stringify({ keys: [privateKey, privateKey] }))),
        Promise.resolve().then(() => KeyRing.parse(JSON.stringify({ keys: [{ ...privateKey, crv: 'P-384' }] }))),
        new KeyRing([{ ...privateKey, x: privateKey.y }]).open(sealed, binding),
      ].map((attempt) =>
        attempt.then(
          () => 'opened',
          (error: Error) => `${error.stack} ${JSON.stringify(error)}`,
        ),
      ),
    );
    for (const error of errors) {
      expect(error).toContain('SealedCredentialError');
      expect(error).not.toContain(privateKey.d);
      expect(error).not.toContain('canary');
    }
  });

  it('refuses an empty ring, a public key and a repeated kid', () => {
    for (const keys of [[], [publicKey], [privateKey, privateKey], [{ ...privateKey, kid: '' }]]) {
      expect(() => KeyRing.parse(JSON.stringify({ keys }))).toThrow(SealedCredentialError);
    }
  });
});
