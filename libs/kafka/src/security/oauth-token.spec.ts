import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { OauthTokens } from './oauth-token.ts';

const servers: Server[] = [];

/** Tokens of an endpoint that answers so. */
async function tokensOf(answer: RequestListener): Promise<OauthTokens> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const tokenEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return new OauthTokens({ tokenEndpoint, clientId: 'a', clientSecret: () => 'b', scope: undefined });
}

describe('a token', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is asked for under the name of the endpoint also where its answer breaks off', async () => {
    const { token } = await tokensOf((_request, response) => {
      response.writeHead(200);
      response.write('{"access_token":', () => response.destroy());
    });
    await expect(token()).rejects.toThrow(/^KAFKA_SASL_OAUTH_TOKEN_ENDPOINT cannot be reached: /);
  });

  it('is used while it is good for half a minute though the endpoint is away, and renewed once that is back', async () => {
    const startedAt = Date.now();
    const now = jest.spyOn(Date, 'now').mockReturnValue(startedAt);
    const secondsLater = (seconds: number) => now.mockReturnValue(startedAt + 1000 * seconds);
    let isAway = false;
    let given = 0;
    const { token } = await tokensOf((_request, response) => {
      if (isAway) {
        response.writeHead(503).end();
        return;
      }
      given += 1;
      response.end(JSON.stringify({ access_token: `token ${given}`, expires_in: 300 }));
    });
    expect(await token()).toBe('token 1');
    isAway = true;
    secondsLater(239);
    expect(await token()).toBe('token 1');
    secondsLater(269);
    expect(await token()).toBe('token 1');
    isAway = false;
    await waitFor('the next token', async () => (await token()) === 'token 2');
    isAway = true;
    secondsLater(269 + 271);
    await expect(token()).rejects.toThrow('KAFKA_SASL_OAUTH_TOKEN_ENDPOINT gives no token (503)');
  });
});
