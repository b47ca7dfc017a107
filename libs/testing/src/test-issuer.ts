import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair } from 'jose';
import { algorithm, audience, TokenMint, type TokenParts } from './token-mint.ts';

/** An OpenID provider in the process of a test: publishes its keys, and signs tokens. */
export class TestIssuer {
  /** The paths of all requests. */
  readonly requests: string[] = [];
  /** If true, the issuer closes every connection without an answer. */
  isDown = false;
  /** If true, the issuer accepts requests and never answers. */
  isSilent = false;
  /** Bodies to answer instead of the default ones, by path. */
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

  /** A policy that trusts this issuer and maps the claim `groups` to roles: `acme-us-admin`, `acme-us-viewer`, `operators`. */
  get policy(): string {
    const byOrg = ['viewer', 'editor', 'admin'].map((role) => ({
      claim: 'groups',
      value: `{sourceOrg}-${role}`,
      role,
    }));
    const rules = [...byOrg, { claim: 'groups', value: 'operators', role: 'operator' }];
    return JSON.stringify({ issuers: [{ issuer: this.url, audience }], rules });
  }

  /** Returns a token of a subject in these groups. */
  tokenOf(subject: string, ...groups: readonly string[]): Promise<string> {
    return this.token({ claims: { sub: subject, groups: [...groups] } });
  }

  /** Returns a token that is valid except for the given parts. */
  token(parts: TokenParts = {}): Promise<string> {
    return this.mint.token(parts);
  }

  /** Returns a mint for valid and forged tokens of this issuer. */
  get mint(): TokenMint {
    return new TokenMint(this.url, { id: String(this.keyId), ...this.keys });
  }

  /** Replaces the key of the issuer by a new one. */
  async rotate(): Promise<void> {
    this.keys = await generateKeyPair(algorithm);
    this.keyId += 1;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private readonly answer: RequestListener = async ({ url = '' }, response) => {
    this.requests.push(url);
    if (this.isDown) return void response.destroy();
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
