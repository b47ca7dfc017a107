/** Who asks for a token, and where; the secret is asked for anew for each token. */
export interface OauthClient {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: () => string;
  readonly scope: string | undefined;
}

interface Token {
  readonly value: string;
  readonly renewAt: number;
  readonly goodUntil: number;
}

const answerWithinMs = 5000;
// A connection authenticates again 10 s before its session ends, which is not later than its token does.
const leastLeftMs = 30_000;
const defaultLifetimeMs = 60_000;

/** The token of the client credentials grant, renewed when less than a fifth of its life, or half a minute, is left. */
export class OauthTokens {
  private current: Token | undefined;
  private asking: Promise<Token> | undefined;

  constructor(private readonly client: OauthClient) {}

  /** Rejects with an Error that names the variable which is most likely wrong. */
  readonly token = async (): Promise<string> => {
    const { current } = this;
    const now = Date.now();
    if (current && now < current.renewAt) return current.value;
    const renewing = this.renew();
    if (!current || now >= current.goodUntil) return (await renewing).value;
    // An endpoint that is slow or away holds nobody up while the token is good: what it says is told once it is not.
    renewing.catch(() => undefined);
    return current.value;
  };

  private renew(): Promise<Token> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(): Promise<Token> {
    const askedAt = Date.now();
    const { clientId, clientSecret, scope } = this.client;
    const basic = [clientId, clientSecret()].map(encodeURIComponent).join(':');
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
    const { ok, status, answer } = await this.post(basic, body);
    if (!ok) throw new Error(`${refusalOf(status)} (${`${status} ${errorIn(answer)}`.trim()})`);
    const { access_token: value, expires_in: seconds } = (answer ?? {}) as Record<string, unknown>;
    if (typeof value !== 'string' || value === '') throw new Error(`${endpoint} answers no access_token`);
    const lifeMs = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : defaultLifetimeMs;
    const endsAt = askedAt + lifeMs;
    this.current = { value, renewAt: endsAt - Math.max(leastLeftMs, lifeMs / 5), goodUntil: endsAt - leastLeftMs };
    return this.current;
  }

  private async post(basic: string, body: URLSearchParams) {
    try {
      const response = await fetch(this.client.tokenEndpoint, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(answerWithinMs),
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
const mostBytes = 64 * 1024;

/** Undefined where it is no JSON, or too large for a token. */
async function jsonOf({ body }: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    // What it was instead is not ours to log; the caller says that no token came.
    return undefined;
  }
}

const refusalOf = (status: number): string =>
  status === 400 || status === 401 || status === 403
    ? 'KAFKA_SASL_OAUTH_CLIENT_ID, _CLIENT_SECRET or _SCOPE: the token endpoint refuses them'
    : `${endpoint} gives no token`;

// Only the code: what else stands in an answer is not ours to log.
function errorIn(answer: unknown): string {
  const code = (answer as { error?: unknown } | undefined)?.error;
  return typeof code === 'string' && /^[\w-]{1,50}$/.test(code) ? code : '';
}
