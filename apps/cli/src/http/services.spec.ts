import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CertificateAuthority } from '@pagebridge/testing';
import { Services } from './services.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Returns the services of a context whose one address this listener answers, and the tokens that it has seen. */
async function servicesAt(answer: RequestListener) {
  const tokens: unknown[] = [];
  const port = await listening(
    createServer((request, response) => {
      tokens.push(request.headers.authorization);
      answer(request, response);
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  return { services: new Services({ url: `${url}/` }, async () => 'secret'), tokens, url };
}
const get = (services: Services) => services.call('GET', 'handle-sync', '/v1/me');

describe('a service', () => {
  it('is read part by part, up to as many items as are wanted', async () => {
    const { services } = await servicesAt(({ url }, response) => {
      const part = Number(/part=(\d)/.exec(url ?? '')?.[1] ?? 0);
      response.end(
        JSON.stringify({ items: part === 1 ? [] : [{ part }], next: part < 3 ? `/v1?part=${part + 1}` : null }),
      );
    });
    const all = await services.list('handle-sync', '/v1', {}, 100);
    expect(all).toEqual({ items: [{ part: 0 }, { part: 2 }, { part: 3 }], hasMore: false });
    expect(await services.list('handle-sync', '/v1', {}, 1)).toEqual({ items: [{ part: 0 }], hasMore: true });
  });

  it('takes the token to no other address, by a redirect or as the next part', async () => {
    const other = await servicesAt((_request, response) => response.end('{}'));
    const { services } = await servicesAt(({ url }, response) => {
      if (url?.startsWith('/list')) return response.end(JSON.stringify({ items: [], next: `${other.url}/list` }));
      response.writeHead(307, { location: other.url }).end();
    });
    await expect(get(services)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('responded with 307'),
    });
    const list = services.list('handle-sync', '/list', {}, 10);
    await expect(list).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('another address') });
    expect(other.tokens).toEqual([]);
  });

  it('that answers without end, or with a page, is not believed', async () => {
    const large = await servicesAt((_request, response) => {
      const more = () => response.write('x'.repeat(1024 * 1024), more);
      more();
    });
    await expect(get(large.services)).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringContaining('is larger'),
    });
    const page = await servicesAt((_request, response) => response.end('<html>'));
    await expect(get(page.services)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('without JSON'),
    });
  });

  it('has its problem printed with each field and its cure, without what a terminal would obey', async () => {
    const { services } = await servicesAt((_request, response) => {
      const errors = [{ field: 'slug', message: 'slug is \u001b[31mtaken', cure: 'Choose another.' }];
      response.writeHead(400).end(JSON.stringify({ title: 'Invalid', detail: 'It is invalid.', code: 'no', errors }));
    });
    const message = 'Invalid (no): It is invalid.\n  slug: slug is \\u001b[31mtaken\n    hint: Choose another.';
    await expect(get(services)).rejects.toMatchObject({ exitCode: 2, message });
  });

  it.each([
    [401, 4],
    [403, 4],
    [404, 1],
    [409, 1],
    [412, 1],
    [429, 5],
    [502, 5],
  ])('that answers %d ends a command with exit code %d', async (status, exitCode) => {
    const { services } = await servicesAt((_request, response) => response.writeHead(status).end('no JSON'));
    await expect(get(services)).rejects.toMatchObject({ exitCode });
  });

  it('that does not find a thing ends a command with exit code 3', async () => {
    const problem = JSON.stringify({ title: 'Not found', code: 'not-found' });
    const { services } = await servicesAt((_request, response) => response.writeHead(404).end(problem));
    await expect(get(services)).rejects.toMatchObject({ exitCode: 3 });
  });

  it('whose certificate a CA has signed is called once the CA is trusted', async () => {
    const authority = await CertificateAuthority.create();
    const issued = await authority.issue({ name: 'service', hosts: ['127.0.0.1'] });
    const port = await listening(createTlsServer(issued, (_request, response) => response.end('{"subject":"ada"}')));
    const services = new Services({ url: `https://127.0.0.1:${port}` }, async () => undefined);
    await expect(get(services)).rejects.toMatchObject({ exitCode: 5 });
    const usual = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...usual, authority.cert]);
    expect((await get(services)).body).toEqual({ subject: 'ada' });
    tls.setDefaultCACertificates(usual);
  });
});
