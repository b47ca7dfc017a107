import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import express, { type Request, type Response } from 'express';
import { AnswerEvents } from './answer-events.ts';

let server: Server;

/** Serves one route, and returns its address. */
async function serve(answer: (request: Request, response: Response) => void): Promise<string> {
  server = createServer(express().get('/', answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
afterEach(() => {
  jest.restoreAllMocks();
  server.close();
});

describe('an answer as events', () => {
  it('ends with the answer that was written in between: status, headers and body', async () => {
    const url = await serve((_request, response) => {
      response.status(201).setHeader('x-before', '1');
      new AnswerEvents(response).send('check', { name: 'a' });
      response.location('/things/1').setHeader('ETag', '"1"');
      response.json({ id: 1 });
    });
    const response = await fetch(url);
    expect([response.status, response.headers.get('x-before'), response.headers.get('etag')]).toEqual([200, '1', null]);
    const result = { status: 201, headers: { location: '/things/1', etag: '"1"' }, body: { id: 1 } };
    expect(await response.text()).toBe(
      `event: check\ndata: {"name":"a"}\n\nevent: result\ndata: ${JSON.stringify(result)}\n\n`,
    );
  });

  it('is an ordinary answer if there was no event', async () => {
    const url = await serve((_request, response) => {
      new AnswerEvents(response);
      response.status(409).json({ code: 'name-taken' });
    });
    const response = await fetch(url);
    expect([response.status, await response.json()]).toEqual([409, { code: 'name-taken' }]);
  });

  it('has a comment each ten seconds until the result', async () => {
    const timers = jest.spyOn(globalThis, 'setInterval');
    const cleared = jest.spyOn(globalThis, 'clearInterval');
    let beats: (typeof timers.mock.calls)[number][] = [];
    const url = await serve((_request, response) => {
      const before = timers.mock.calls.length;
      new AnswerEvents(response).send('check', {});
      beats = timers.mock.calls.slice(before);
      for (const [beat] of beats) beat();
      response.json({});
      expect(cleared).toHaveBeenCalledTimes(1);
    });
    expect(await (await fetch(url)).text()).toContain('data: {}\n\n: \n\nevent: result');
    expect(beats.map(([, everyMs]) => everyMs)).toEqual([10_000]);
  });

  it.each(['after', 'before'])('lets the work go on when its client leaves %s the first event', async (when) => {
    const leaving = new AbortController();
    const done = Promise.withResolvers<void>();
    const url = await serve(async (_request, response) => {
      const events = new AnswerEvents(response);
      if (when === 'after') events.send('check', {});
      leaving.abort();
      await once(response, 'close');
      events.send('check', {});
      response.json({});
      done.resolve();
    });
    await expect(fetch(url, { signal: leaving.signal }).then((response) => response.text())).rejects.toThrow();
    await done.promise;
  });
});
