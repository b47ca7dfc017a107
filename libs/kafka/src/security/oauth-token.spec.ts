import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { OauthTokens } from './oauth-token.ts';

const servers: Server[] = [];

/** Returns the tokens of a token endpoint with this request listener. */
async function tokensOf(answer: RequestListener): Promise<OauthTokens> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const tokenEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return new OauthTokens({ tokenEndpoint, clientId: 'a', clientSecret: () => 'b', scope: undefined });
}

describe('an OAuth token', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is reported with the variable of the endpoint if its answer breaks off', async () => {
    const { token } = await tokensOf((_request, response) => {
      response.writeHead(200);
      response.write('{"access_token":', () => response.destroy());
    });
    await expect(token()).rejects.toThrow(/^KAFKA_SASL_OAUTH_TOKEN_ENDPOINT cannot be reached: /);
  });

  it('is used until 30 s before its end if the endpoint is down, and renewed when the endpoint is up', async () => {
    const startedAt = Date.now();
    const now = jest.spyOn(Date, 'now').mockReturnValue(startedAt);
    const secondsLater = (seconds: number) => now.mockReturnValue(startedAt + 1000 * seconds);
    let isDown = false;
    let issued = 0;
    const { token } = await tokensOf((_request, response) => {
      if (isDown) {
        response.writeHead(503).end();
        return;
      }
      issued += 1;
      response.end(JSON.stringify({ access_token: `token ${issued}`, expires_in: 300 }));
    });
    expect(await token()).toBe('token 1');
    isDown = true;
    secondsLater(239);
    expect(await token()).toBe('token 1');
    secondsLater(269);
    expect(await token()).toBe('token 1');
    isDown = false;
    await waitFor('the next token', async () => (await token()) === 'token 2');
    isDown = true;
    secondsLater(269 + 271);
    await expect(token()).rejects.toThrow('KAFKA_SASL_OAUTH_TOKEN_ENDPOINT issues no token (503)');
  });
});
