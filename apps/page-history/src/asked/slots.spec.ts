import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '@pagebridge/service';
import { waitFor } from '@pagebridge/testing';
import type { Response } from 'express';
import { problems } from '../problems.ts';
import { Slots } from './slots.ts';

// More than all buffers between two sockets of a machine hold.
const answer = Buffer.alloc(32 * 1024 * 1024);
const slots = new Slots(2, 3, problems['too-many-questions']);
const refused: string[] = [];

async function answerIn(response: ServerResponse, org: string): Promise<void> {
  try {
    await slots.hold(org, response as Response);
    if (org === 'quick') await delay(20);
    response.end(org === 'quick' ? 'soon' : answer);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    refused.push(org);
    response.writeHead(error.details.status, { 'retry-after': error.retryAfter }).end();
  }
}
const server = createServer(({ url = '' }, response) => void answerIn(response, url.slice(1)));
beforeAll(() => new Promise<void>((done) => void server.listen(0, '127.0.0.1', done)));
afterAll(() => new Promise<unknown>((done) => void server.close(done)));

/** Asks, and reads nothing of the answer. */
function askWithoutReading(org: string): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.pause();
  socket.write(`GET /${org} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  return socket;
}
const ask = (org: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${org}`);

describe('the answers of an org', () => {
  it('are few at once, however slowly they are read, and leave room for other orgs', async () => {
    const slow = Array.from({ length: 40 }, () => askWithoutReading('acme'));
    await waitFor('the refusals', () => refused.length === 38);
    expect(slots.size).toBe(2);
    const other = await ask('initech');
    expect((await other.arrayBuffer()).byteLength).toBe(answer.length);
    const { status, headers } = await ask('acme');
    expect([status, headers.get('retry-after')]).toEqual([429, '5']);
    for (const socket of slow) socket.destroy();
    await waitFor('the end of the answers', () => slots.size === 0);
    expect((await (await ask('acme')).arrayBuffer()).byteLength).toBe(answer.length);
  });

  it('wait for each other if they are soon ready', async () => {
    const texts = Array.from({ length: 6 }, async () => (await ask('quick')).text());
    expect(await Promise.all(texts)).toEqual(texts.map(() => 'soon'));
  });
});
