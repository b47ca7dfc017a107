import { urlComplaint } from '../loopback.ts';
import { boundedFetch } from './bounded-fetch.ts';

/** Returns the `jwks_uri` that an issuer publishes (OpenID Connect Discovery 1.0). Rejects if it publishes no valid one. */
export async function discoverKeys(issuer: string, signal: AbortSignal): Promise<string> {
  const response = await boundedFetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal });
  const published: unknown = await response.json();
  if (typeof published !== 'object' || published === null) throw new Error('its configuration is no JSON object');
  const { issuer: itself, jwks_uri: keys } = published as { readonly issuer?: unknown; readonly jwks_uri?: unknown };
  // Section 4.3: without this check one issuer could impersonate another.
  if (itself !== issuer) throw new Error(`its configuration is that of another issuer, ${JSON.stringify(itself)}`);
  if (typeof keys !== 'string') throw new Error('its configuration has no jwks_uri');
  const complaint = urlComplaint(keys);
  if (complaint) throw new Error(`its jwks_uri ${complaint}`);
  return keys;
}
