import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AccessTokens, Connections, Integrations, SourceOrgs } from '@pagebridge/contracts';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { republishAll } from './republish-all.ts';
import { good, RunningService, TopicReader } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
const reader = new TopicReader([Connections, SourceOrgs, AccessTokens, Integrations].map(({ card }) => card.topic));
beforeAll(async () => {
  await service.start();
  await reader.start();
});
afterAll(async () => {
  await reader.stop();
  await service.stop();
  jest.restoreAllMocks();
});

describe('republish', () => {
  it('publishes every connection, API token, integration and source org again, prints it, and records it in the audit', async () => {
    const [first, second] = [uniqueName('acme'), uniqueName('globex')];
    const ids: string[] = [];
    for (const [org, name] of [
      [first, 'One'],
      [first, 'Two'],
      [second, 'Three'],
    ] as const) {
      const { body } = await service.send('POST', `/v1/source-orgs/${org}/connections`, {
        name,
        allowDuplicate: true,
        dataCenter: 'TEST1',
        ...good,
      });
      ids.push(String(body.id));
    }
    const settled = { localHandles: ['web'], fallbackHandle: 'core-infra' };
    await service.send('PUT', `/v1/source-orgs/${first}`, settled, { 'if-match': '"0.0"' });
    const third = uniqueName('initech');
    const input = { name: 'terraform', role: 'editor', expiresInDays: 1 };
    const { body: token } = await service.send('POST', `/v1/source-orgs/${third}/tokens`, input);
    const fourth = uniqueName('nagios');
    await service.send('POST', `/v1/source-orgs/${fourth}/integrations`, { name: 'nagios', kind: 'alerts' });
    await reader.next(SourceOrgs, first);
    for (const id of ids) await reader.next(Connections, id);
    const [before] = reader.of(Connections.card.topic, ids[0] ?? '');

    const lines: string[] = [];
    await republishAll({ url: service.database.url }, 'ada', (line) => lines.push(line));

    expect(lines).toEqual([
      'queued all: 3 connections, 1 API tokens and 1 integrations of 4 source orgs',
      'Kafka has them all',
    ]);
    for (const id of ids) await reader.count(Connections.card.topic, id, 2);
    await reader.count(SourceOrgs.card.topic, first, 2);
    await reader.count(AccessTokens.card.topic, String(token.id), 2);
    await reader.count(Integrations.card.topic, `${fourth}/nagios`, 2);
    expect(reader.of(Connections.card.topic, ids[0] ?? '')[1]?.headers.ce_id).toEqual(before?.headers.ce_id);
    const { body } = await service.send('GET', `/v1/source-orgs/${first}/audit?limit=1`);
    const after = { connections: 2, settings: true, tokens: 0, integrations: 0 };
    expect(body.items).toMatchObject([
      { action: 'source-org.republished', actor: 'urn:pagebridge#republish', onBehalfOf: 'ada', target: first, after },
    ]);
  });

  it('queues no more than can be published soon, so that a revocation does not wait behind everything', async () => {
    const org = uniqueName('acme');
    const tokens = Array.from({ length: 60 }, (_, n) => ({ name: `t${n}`, role: 'viewer', expiresInDays: 1 }));
    for (const input of tokens) await service.send('POST', `/v1/source-orgs/${org}/tokens`, input);
    await service.close();

    const lines: string[] = [];
    const republishing = republishAll({ url: service.database.url }, null, (line) => lines.push(line), 10);
    const isWaiting = () => lines.some((line) => line.includes('events are not in Kafka yet'));
    await waitFor('it to wait', isWaiting, { lastSeen: () => lines });
    const [queued] = await service.database.query<{ records: number }>('SELECT COUNT(*) AS records FROM outbox');
    expect(queued?.records).toBeLessThanOrEqual(10 + 50);

    await service.run();
    await republishing;
    expect(lines.at(-1)).toBe('Kafka has them all');
  });
});
