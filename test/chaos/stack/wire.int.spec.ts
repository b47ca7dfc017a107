import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Wire } from './wire.ts';

let arrived: string[];
let server: Server;
let wire: Wire;

beforeEach(async () => {
  arrived = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const bytes of request) body += bytes;
    arrived.push(body);
    response.end(`had ${body}`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  wire = await Wire.to(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(() => {
  wire.close();
  server.close();
});

/** Sends a request; returns the answer, or the error if there is none. */
async function send(body: string): Promise<string> {
  try {
    return await (await fetch(wire.url, { method: 'POST', body })).text();
  } catch (error) {
    return String(((error as Error).cause as NodeJS.ErrnoException).code);
  }
}

describe('a wire', () => {
  it('forwards calls and their answers', async () => {
    expect([await send('a'), await send('b')]).toEqual(['had a', 'had b']);
    const long = 'x'.repeat(1_000_000);
    expect(await send(long)).toBe(`had ${long}`);
  });

  it('cuts the reply after the call was executed, also on an open connection', async () => {
    await send('a');
    wire.break('reply cut', 2);
    expect([await send('b'), await send('c')]).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(await send('d')).toBe('had d');
    expect(arrived).toEqual(['a', 'b', 'c', 'd']);
    expect(wire.breaks).toBe(2);
  });

  it('drops a request, which never arrives', async () => {
    await send('a');
    wire.break('request lost');
    expect(await send('b')).toBe('ECONNRESET');
    wire.mend();
    expect(await send('c')).toBe('had c');
    expect(arrived).toEqual(['a', 'c']);
  });

  it('delays everything during silence, and forwards it when mended', async () => {
    wire.break('silence');
    const answer = send('a');
    // Another wire to the same server shows that the server would have answered by now.
    const other = await Wire.to(wire.target);
    await fetch(other.url);
    other.close();
    expect(arrived).toEqual(['']);
    wire.mend();
    expect(await answer).toBe('had a');
  });
});
