import type { JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, type StackInfo } from '@pagebridge/local-stack';
import { TokenMint } from '@pagebridge/testing';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };

/** Signs tokens with the key of a stack's own OpenID provider, to make both valid and invalid ones. */
export async function stackMint(folder: string, { access }: StackInfo): Promise<TokenMint> {
  const { signingKey } = JSON.parse(readFileSync(join(folder, 'keys', 'access.json'), 'utf8'));
  const { body } = await call<{ keys: [JsonWebKey & { kid: string }] }>('GET', `${access.issuer}/jwks`);
  const [published] = body.keys;
  return new TokenMint(access.issuer, {
    id: published.kid,
    privateKey: await crypto.subtle.importKey('jwk', signingKey, algorithm, true, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', published, algorithm, true, ['verify']),
  });
}
