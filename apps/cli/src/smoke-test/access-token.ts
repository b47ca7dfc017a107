import type { SmokeTestConfig } from './config.ts';

/** Returns PAGEBRIDGE_TOKEN, or a token by client credentials (RFC 6749, 4.4) if TOKEN_ENDPOINT is set; else undefined. */
export async function accessToken(config: SmokeTestConfig): Promise<string | undefined> {
  const { TOKEN_ENDPOINT, TOKEN_CLIENT_ID = '', TOKEN_CLIENT_SECRET = '', TOKEN_SCOPE, PAGEBRIDGE_TOKEN } = config;
  if (TOKEN_ENDPOINT === undefined) return PAGEBRIDGE_TOKEN;
  const login = [TOKEN_CLIENT_ID, TOKEN_CLIENT_SECRET].map(encodeURIComponent).join(':');
  const response = await fetch(TOKEN_ENDPOINT, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
    headers: { authorization: `Basic ${btoa(login)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(TOKEN_SCOPE ? { scope: TOKEN_SCOPE } : {}) }),
  });
  // The body may hold a token, so it is never logged.
  const { access_token: token } = (await response.json().catch(() => ({}))) as { access_token?: unknown };
  // fetch would print a malformed one in its error.
  if (response.ok && typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new Error(`TOKEN_ENDPOINT ${TOKEN_ENDPOINT} answers ${response.status} without a usable access_token`);
}
