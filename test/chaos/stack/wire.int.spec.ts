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

/** What the caller hears: the answer, or that there was none. */
async function send(body: string): Promise<string> {
  try {
    return await (await fetch(wire.url, { method: 'POST', body })).text();
  } catch (error) {
    return String(((error as Error).cause as NodeJS.ErrnoException).code);
  }
}

describe('a wire', () => {
  it('passes a call and its answer on, over and over', async () => {
    expect([await send('a'), await send('b')]).toEqual(['had a', 'had b']);
    const long = 'x'.repeat(1_000_000);
    expect(await send(long)).toBe(`had ${long}`);
  });

  it('cuts the reply after the call was carried out, also on a connection that was open before', async () => {
    await send('a');
    wire.break('reply cut', 2);
    expect([await send('b'), await send('c')]).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(await send('d')).toBe('had d');
    expect(arrived).toEqual(['a', 'b', 'c', 'd']);
    expect(wire.breaks).toBe(2);
  });

  it('loses a request, which then never arrives', async () => {
    await send('a');
    wire.break('request lost');
    expect(await send('b')).toBe('ECONNRESET');
    wire.mend();
    expect(await send('c')).toBe('had c');
    expect(arrived).toEqual(['a', 'c']);
  });

  it('holds everything back in silence, and passes it on when mended', async () => {
    wire.break('silence');
    const answer = send('a');
    // Another wire to the same server shows that it would have answered by now.
    const other = await Wire.to(wire.target);
    await fetch(other.url);
    other.close();
    expect(arrived).toEqual(['']);
    wire.mend();
    expect(await answer).toBe('had a');
  });
});
