import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair } from 'jose';
import { algorithm, audience, TokenMint, type TokenParts } from './token-mint.ts';

/** An OpenID provider in the process of a test: publishes its keys, and signs what it is asked to. */
export class TestIssuer {
  /** Paths that it was asked for. */
  readonly asked: string[] = [];
  /** Whether it breaks off every connection. */
  isAway = false;
  /** Whether it takes requests and answers none. */
  isSilent = false;
  /** What it answers instead of its own, by path. */
  readonly answers = new Map<string, string>();
  private keyId = 1;

  private constructor(
    private readonly server: Server,
    private keys: GenerateKeyPairResult,
  ) {}

  static async start(): Promise<TestIssuer> {
    const server = createServer();
    const issuer = new TestIssuer(server, await generateKeyPair(algorithm));
    server.on('request', issuer.answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A policy that trusts this issuer and gives roles by the claim `groups`: `acme-us-admin`, `acme-us-viewer`, `operators`. */
  get policy(): string {
    const byOrg = ['viewer', 'editor', 'admin'].map((role) => ({
      claim: 'groups',
      value: `{sourceOrg}-${role}`,
      role,
    }));
    const rules = [...byOrg, { claim: 'groups', value: 'operators', role: 'operator' }];
    return JSON.stringify({ issuers: [{ issuer: this.url, audience }], rules });
  }

  /** The token of a bearer in these groups. */
  tokenOf(subject: string, ...groups: readonly string[]): Promise<string> {
    return this.token({ claims: { sub: subject, groups: [...groups] } });
  }

  /** A token that is good but for what is said otherwise. */
  token(parts: TokenParts = {}): Promise<string> {
    return this.mint.token(parts);
  }

  /** Makes its tokens, and forged ones. */
  get mint(): TokenMint {
    return new TokenMint(this.url, { id: String(this.keyId), ...this.keys });
  }

  /** Has a new key from now on, and the former no more. */
  async rotate(): Promise<void> {
    this.keys = await generateKeyPair(algorithm);
    this.keyId += 1;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private readonly answer: RequestListener = async ({ url = '' }, response) => {
    this.asked.push(url);
    if (this.isAway) return void response.destroy();
    if (this.isSilent) return;
    const jwk = { ...(await exportJWK(this.keys.publicKey)), kid: String(this.keyId), alg: algorithm, use: 'sig' };
    const own: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': { issuer: this.url, jwks_uri: `${this.url}/keys` },
      '/keys': { keys: [jwk] },
    };
    response.setHeader('content-type', 'application/json');
    response.end(this.answers.get(url) ?? JSON.stringify(own[url] ?? {}));
  };
}
