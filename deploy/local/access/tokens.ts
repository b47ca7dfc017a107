import { call } from '../stack/call.ts';
import type { AccessClient, AccessInfo } from '../stack/stack-info.ts';

interface Held {
  readonly token: string;
  readonly renewAt: number;
}

// Tokens are renewed early, so that none expires in transit.
const earlierMs = 60_000;

/** The tokens of a stack's clients: fetched by client credentials on first use, and cached until they expire. */
export class Tokens {
  readonly #access: AccessInfo;
  readonly #held = new Map<string, Promise<Held>>();

  constructor(access: AccessInfo) {
    this.#access = access;
  }

  /** Returns the token of the client of this name. Throws an Error that lists the clients if the name is unknown. */
  async of(name: string): Promise<string> {
    const held = await this.#held.get(name);
    if (held && Date.now() < held.renewAt) return held.token;
    const fetched = this.#fetch(clientNamed(this.#access, name));
    this.#held.set(name, fetched);
    fetched.catch(() => this.#held.delete(name));
    return (await fetched).token;
  }

  async #fetch({ name, clientId, clientSecret }: AccessClient): Promise<Held> {
    const { status, body } = await call<{ access_token: string; expires_in: number }>(
      'POST',
      this.#access.tokenEndpoint,
      'grant_type=client_credentials',
      {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      },
    );
    if (status !== 200) throw new Error(`the OpenID provider rejected ${name}: ${status} ${JSON.stringify(body)}`);
    return { token: body.access_token, renewAt: Date.now() + body.expires_in * 1000 - earlierMs };
  }
}

function clientNamed({ clients }: AccessInfo, name: string): AccessClient {
  const client = clients.find((client) => client.name === name);
  if (!client) throw new Error(`no client ${name}; there are ${clients.map((client) => client.name).join(', ')}`);
  return client;
}
