import { urlComplaint } from '@pagebridge/process';
import { boundedFetch } from './bounded-fetch.ts';

/** Returns the `jwks_uri` that an issuer publishes (OpenID Connect Discovery 1.0). Rejects if it publishes no valid one. */
export async function discoverKeys(issuer: string, signal: AbortSignal): Promise<string> {
  const response = await boundedFetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal });
  const published: unknown = await response.json();
  if (typeof published !== 'object' || published === null)
    throw new Error('the OpenID configuration of the issuer is not a JSON object');
  const { issuer: itself, jwks_uri: keys } = published as { readonly issuer?: unknown; readonly jwks_uri?: unknown };
  // Section 4.3: without this check one issuer could impersonate another.
  if (itself !== issuer) throw new Error(`the OpenID configuration is for another issuer, ${JSON.stringify(itself)}`);
  if (typeof keys !== 'string') throw new Error('the OpenID configuration of the issuer has no jwks_uri');
  const complaint = urlComplaint(keys);
  if (complaint) throw new Error(`the jwks_uri of the issuer ${complaint}`);
  return keys;
}
