import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import type { Request, Response } from 'express';
import { Registry } from 'prom-client';
import type { Stored } from '../asked/stored.ts';
import type { HistoryRecord } from '../rows/history-record.entity.ts';
import { EventsController } from './events.controller.ts';
import { News } from './news.service.ts';
import { OpenStreams } from './open-streams.ts';

/** What is stored, and how often it was looked at. */
class Table {
  records: HistoryRecord[] = [];
  looks = 0;

  store(id: number, sourceOrg: string): void {
    const key = Buffer.from(`${sourceOrg}/monitor-${id}`);
    this.records.push({ id: String(id), sourceOrg, kind: 'alert', key } as HistoryRecord);
  }

  asStored(): Stored {
    const read = (work: (manager: object) => Promise<unknown>) => {
      this.looks += 1;
      return work({ createQueryBuilder: () => this.query() });
    };
    return { read } as unknown as Stored;
  }

  private query() {
    let found: HistoryRecord[] = [];
    const builder = {
      select: () => builder,
      addSelect: () => builder,
      where: (_text: string, { from, latest }: { from: number; latest: number }) => {
        found = this.records.filter(({ id }) => Number(id) > from && Number(id) <= latest);
        return builder;
      },
      andWhere: () => builder,
      orderBy: () => builder,
      limit: () => builder,
      getRawMany: async () => found.reverse(),
      getRawOne: async () => ({ id: this.records.at(-1)?.id ?? null }),
    };
    return builder;
  }
}

const stop = new AbortController();
afterEach(() => stop.abort());

describe('the news', () => {
  it('are looked for once for all streams, told by org, and also after the database was made anew', async () => {
    const table = new Table();
    table.store(1000, 'acme');
    const news = new News(table.asStored());
    const heard: string[][] = [];
    const listen = async (org: string) => {
      const mine: string[] = [];
      heard.push(mine);
      for await (const text of news.after(org, undefined, stop.signal)) mine.push(text);
    };
    await news.look();
    for (let n = 0; n < 20; n += 1) listen(n % 2 === 0 ? 'acme' : 'initech').catch(() => undefined);
    const all = (...ids: readonly [string, string][]) =>
      waitFor('the news', () =>
        heard.every((mine, n) => mine.join('') === ids.map((each) => eventOf(each[n % 2] ?? '')).join('')),
      );
    const eventOf = (id: string) => `id: ${id}\nevent: alert\ndata: {"alertKey":"monitor-${id}"}\n\n`;
    const startedAt = performance.now();
    table.store(1001, 'acme');
    table.store(1002, 'initech');
    await all(['1001', '1002']);
    table.records = [];
    table.store(1, 'acme');
    await delay(1500);
    table.store(2, 'acme');
    table.store(3, 'initech');
    await all(['1001', '1002'], ['2', '3']);
    expect(table.looks).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 1000);
  });

  it('are told to nobody who has left before they were there, and who keeps no stream', async () => {
    const looked = Promise.withResolvers<void>();
    const news = { look: () => looked.promise, after: new News(new Table().asStored()).after };
    const streams = new OpenStreams(new Registry());
    const controller = new EventsController(news as unknown as News, streams);
    const answers: Promise<void>[] = [];
    const server = createServer((request: IncomingMessage, response) => {
      const its = [request as Request, response as Response] as const;
      answers.push(controller.stream({ org: 'acme' }, {}, undefined, ...its));
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await waitFor('the stream', () => streams.size === 1);
    client.destroy();
    await waitFor('the end', () => streams.size === 0);
    looked.resolve();
    await Promise.all(answers);
    await new Promise<unknown>((done) => void server.close(done));
  });
});
