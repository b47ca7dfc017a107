import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Polls } from './polls.ts';

const parties = { org: 'd01', reader: 'page-delivery-1' };
const part = (number: number) => `/api/v2/on-call/pages?page[size]=100&page[number]=${number}`;

let server: Server;
let polls: Polls;
let status: number;
let url: string;

beforeEach(async () => {
  status = 200;
  server = createServer((request, response) => response.writeHead(status, { 'x-method': request.method }).end('said'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  polls = new Polls();
  url = await polls.through(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, parties);
});

afterEach(() => {
  polls.close();
  server.close();
  server.closeAllConnections();
});

describe('the polls of a destination', () => {
  it('pass, and are recorded by the first part of the list', async () => {
    const before = Date.now();
    const answer = await fetch(url + part(0));
    expect([answer.status, answer.headers.get('x-method'), await answer.text()]).toEqual([200, 'GET', 'said']);
    await (await fetch(url + part(1))).text();
    await (await fetch(`${url}/api/v2/team`, { method: 'POST', body: 'a body' })).text();
    expect(polls.answered).toMatchObject([parties]);
    expect(polls.answered[0]?.from).toBeGreaterThanOrEqual(before);
  });

  it('are not recorded without a list', async () => {
    status = 429;
    expect((await fetch(url + part(0))).status).toBe(429);
    server.close();
    server.closeAllConnections();
    await expect(fetch(url + part(0))).rejects.toThrow();
    expect(polls.answered).toEqual([]);
  });
});
