/** The OAuth client and its token endpoint. `clientSecret` is called for each token, so that the secret may change. */
export interface OauthClient {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: () => string;
  readonly scope: string | undefined;
}

interface Token {
  readonly value: string;
  readonly renewAt: number;
  readonly usableUntil: number;
}

// Shorter than a connection attempt, whose timeout would otherwise blame the broker.
const timeoutMs = 2000;
// The remaining life that a token needs to be used. A session ends no later than its token, and a connection
// authenticates again 10 s before that.
const minLifeMs = 30_000;
const defaultLifetimeMs = 60_000;

/** Caches a token of the client credentials grant; renews it when less than a fifth of its life, or 30 s, is left. */
export class OauthTokens {
  private current: Token | undefined;
  private renewal: Promise<Token> | undefined;

  constructor(private readonly client: OauthClient) {}

  /** Returns a usable token. Rejects with an Error that names the variable that is most likely wrong. */
  readonly token = async (): Promise<string> => {
    const { current } = this;
    const now = Date.now();
    if (current && now < current.renewAt) return current.value;
    const renewing = this.renew();
    if (!current || now >= current.usableUntil) return (await renewing).value;
    // While the token is usable, a slow or unreachable endpoint delays no login, and its error is ignored.
    renewing.catch(() => undefined);
    return current.value;
  };

  private renew(): Promise<Token> {
    this.renewal ??= this.request().finally(() => {
      this.renewal = undefined;
    });
    return this.renewal;
  }

  private async request(): Promise<Token> {
    const requestedAt = Date.now();
    const { clientId, clientSecret, scope } = this.client;
    const basic = [clientId, clientSecret()].map(encodeURIComponent).join(':');
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
    const { ok, status, answer } = await this.post(basic, body);
    if (!ok) throw new Error(`${refusalOf(status)} (${`${status} ${errorIn(answer)}`.trim()})`);
    const { access_token: value, expires_in: seconds } = (answer ?? {}) as Record<string, unknown>;
    if (typeof value !== 'string' || value === '') throw new Error(`${endpoint}: the response has no access_token`);
    const lifeMs = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : defaultLifetimeMs;
    const endsAt = requestedAt + lifeMs;
    this.current = { value, renewAt: endsAt - Math.max(minLifeMs, lifeMs / 5), usableUntil: endsAt - minLifeMs };
    return this.current;
  }

  private async post(basic: string, body: URLSearchParams) {
    try {
      const response = await fetch(this.client.tokenEndpoint, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: { authorization: `Basic ${Buffer.from(basic).toString('base64')}`, accept: 'application/json' },
        body,
      });
      return { ok: response.ok, status: response.status, answer: await jsonOf(response) };
    } catch (error) {
      const { cause, message } = error as Error;
      throw new Error(`${endpoint} cannot be reached: ${cause instanceof Error ? cause.message : message}`);
    }
  }
}

const endpoint = 'KAFKA_SASL_OAUTH_TOKEN_ENDPOINT';
const maxBytes = 64 * 1024;

/** Parses a body; returns undefined if it is not JSON or is too large for a token. */
async function jsonOf({ body }: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    // The body may hold secrets, so it is not logged; the caller reports that the token is missing.
    return undefined;
  }
}

const refusalOf = (status: number): string =>
  status === 400 || status === 401 || status === 403
    ? 'KAFKA_SASL_OAUTH_CLIENT_ID, _CLIENT_SECRET or _SCOPE: the token endpoint rejects them'
    : `${endpoint} issues no token`;

// Returns only the error code: the rest of the answer may hold secrets and must not be logged.
function errorIn(answer: unknown): string {
  const code = (answer as { error?: unknown } | undefined)?.error;
  return typeof code === 'string' && /^[\w-]{1,50}$/.test(code) ? code : '';
}
