import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SecurityVariables } from '@pagebridge/kafka';

const client = { id: 'pagebridge', secret: 'a secret: with a colon' };
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Gives tokens by client credentials: unsigned, which the broker of the tests takes, and made out to its admin. */
export class TokenServer implements AsyncDisposable {
  asked = 0;
  lifeSeconds = 300;
  isOpen = true;
  isHanging = false;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      if (this.isHanging) return;
      const authorization = `Basic ${Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString('base64')}`;
      if (!this.isOpen || request.headers.authorization !== authorization) {
        response.writeHead(401).end(JSON.stringify({ error: 'invalid_client' }));
        return;
      }
      this.asked += 1;
      response.end(JSON.stringify({ access_token: this.token(), expires_in: Math.max(1, this.lifeSeconds) }));
    });
  }

  static async start(): Promise<TokenServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TokenServer(server);
  }

  get variables(): SecurityVariables {
    const { port } = this.server.address() as AddressInfo;
    return {
      KAFKA_SASL_MECHANISM: 'oauthbearer',
      KAFKA_SASL_OAUTH_TOKEN_ENDPOINT: `http://127.0.0.1:${port}/token`,
      KAFKA_SASL_OAUTH_CLIENT_ID: client.id,
      KAFKA_SASL_OAUTH_CLIENT_SECRET: client.secret,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private token(): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: 'admin', iat: now - 120, exp: now + this.lifeSeconds };
    return `${base64({ alg: 'none' })}.${base64(claims)}.`;
  }
}
