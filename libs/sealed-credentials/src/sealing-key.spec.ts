import { describe, expect, it } from '@jest/globals';
import { SealedCredentialError, seal } from './index.ts';
import { generateSealingKey, parseSealingKey } from './sealing-key.ts';

const { publicKey, privateKey } = await generateSealingKey();

describe('parseSealingKey', () => {
  it('parses a public key of generateSealingKey', () => {
    expect(parseSealingKey(JSON.stringify(publicKey))).toEqual(publicKey);
    expect(publicKey).not.toHaveProperty('d');
  });

  it('refuses a private key without repeating it', () => {
    const parse = () => parseSealingKey(JSON.stringify(privateKey));
    expect(parse).toThrow(/private key; use the public JWK/);
    expect(parse).not.toThrow(privateKey.d);
  });

  it.each([
    ['not JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a key of another kind', JSON.stringify({ ...publicKey, kty: 'RSA' })],
    ['a key without kid', JSON.stringify({ ...publicKey, kid: undefined })],
  ])('refuses %s', (_what, text) => {
    expect(() => parseSealingKey(text)).toThrow(SealedCredentialError);
  });

  it('accepts a point off the curve, which is refused at the first seal', async () => {
    const key = parseSealingKey(JSON.stringify({ ...publicKey, x: publicKey.y }));
    const attempt = seal(
      key,
      { connectionId: 'c', sourceOrg: 'o', dataCenter: 'd', destinationOrg: { id: 'i' } },
      { apiKey: 'a', applicationKey: 'b' },
    );
    await expect(attempt).rejects.toMatchObject({ code: 'bad-key', kid: publicKey.kid });
  });
});
