import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Alerts, Connections, Directories, type OutgoingRecord, type PageCommand } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import { ManagementServer } from '@pagebridge/service';
import { aConnection, aHandle, anAlertRecord, uniqueName, waitFor } from '@pagebridge/testing';
import { Registry } from 'prom-client';
import { Bus, startRouter } from './page-routing.fixtures.ts';

const bus = new Bus();
const group = uniqueName('routing-spec');
const secondGroup = uniqueName('routing-spec');
const routers: NestExpressApplication[] = [];
let org: string;

beforeAll(async () => {
  await bus.start();
  await Promise.all([bus.moveToEnd(group), bus.moveToEnd(secondGroup)]);
});
afterAll(() => bus.stop());
beforeEach(() => {
  org = uniqueName('routing');
});
afterEach(async () => {
  await Promise.all(routers.splice(0).map((router) => router.close()));
});

const start = async (inGroup = group, its: Parameters<typeof startRouter>[1] = {}): Promise<NestExpressApplication> => {
  const router = await startRouter(inGroup, its);
  routers.push(router);
  return router;
};
const alert = (its = {}): OutgoingRecord => anAlertRecord({ sourceOrg: org, ...its });
const pagesOf = (): PageCommand[] => bus.commands(org).flatMap(({ data }) => (data.kind === 'page' ? [data] : []));

const nonEmpty = <T>(list: readonly T[]) => list.length > 0 && list;

async function connected(teamHandle = 'core-infra') {
  const directory = `EU1/${org}/account-1`;
  const connection = aConnection({ sourceOrg: org, directory });
  const handle = aHandle({ directory, teamHandle });
  await bus.publishHandles(handle);
  await bus.publishConnection(connection);
  return { connection, handle };
}

describe('page-routing', () => {
  it('reads its whole registry before the first alert', async () => {
    const { connection } = await connected('last');
    const { directory } = connection;
    const many = Array.from({ length: 3_000 }, (_, i) => aHandle({ directory, teamHandle: `team-${i}` }));
    await bus.publishHandles(...many);
    await bus.write(alert({ message: '@oncall-last @oncall-team-0 @oncall-team-2999' }));
    await start();
    await waitFor('three pages', () => pagesOf().length === 3, { lastSeen: () => bus.unrouted(org) });
    expect(bus.unrouted(org)).toEqual([]);
  });

  it('lists no conflict over a connection whose credential is refused', async () => {
    const { directory, connectionId } = (await connected()).connection;
    const other = aConnection({ sourceOrg: org, directory: `EU1/${org}/account-2`, name: 'Globex AP', slug: 'ap' });
    await bus.publishHandles(aHandle({ directory: other.directory }));
    await bus.publishConnection(other);
    const router = await start();
    await router.listen(0, '127.0.0.1');
    const url = `${await router.getUrl()}/v1/source-orgs/${org}/conflicts`;
    const listed = async () => ((await (await fetch(url)).json()) as { items?: unknown[] }).items?.length;
    await waitFor('the conflict', async () => (await listed()) === 1);
    const at = new Date().toISOString();
    const status = { directory, teams: 1, unread: 0, refused: [connectionId], at, ownerEpoch: 1 };
    await bus.write({
      ...Directories.encode(directory, { id: 'spec', source: '/spec', time: at }, status),
      partition: partitionFor(directory, Directories.card.partitions),
    });
    await waitFor('no conflict', async () => (await listed()) === 0);
  });

  it('gives a redelivered alert the same page ids', async () => {
    await connected();
    const keys = Array.from({ length: 20 }, (_, i) => `monitor-${i}`);
    await bus.write(...keys.map((alertKey) => alert({ alertKey })));
    // A second group reads the same records, as after a lost commit.
    await start();
    await start(secondGroup);
    await waitFor('every page twice', () => pagesOf().length === 40, { lastSeen: () => pagesOf().length });
    expect(new Set(pagesOf().map(({ pageId }) => pageId)).size).toBe(20);
  });

  it('parks records that cannot be routed and continues with the partition', async () => {
    await connected();
    const partition = 5;
    const key = `${org}/poison`;
    const headers = { 'x-kept': 'yes' };
    const bad = [
      { value: null, reason: 'null-value' },
      { value: Buffer.from('{"half'), reason: 'not-json' },
      { value: Buffer.from('{}'), reason: 'not-a-cloudevent' },
      { value: Buffer.alloc(2_000_000, 'a'), reason: 'too-large' },
      { value: alert({ sourceOrg: 'Wrong Org' }).value, reason: 'schema-violation' },
      {
        value: alert({
          message: Array(101)
            .fill('')
            .map((_, i) => `@oncall-t${i}`)
            .join(' '),
        }).value,
        reason: 'too-many-handles',
      },
    ];
    const between = (alertKey: string) => ({ ...alert({ alertKey }), partition });
    const records = bad.flatMap(({ value }, i) => [
      between(`before-${i}`),
      { topic: Alerts.card.topic, key, value, headers, partition },
    ]);
    await bus.write(...records, between('after'));
    await start();
    await waitFor('seven pages', () => pagesOf().length === 7, { lastSeen: () => pagesOf() });
    // Other routers on this Kafka may park these records too, so each offset counts once.
    const dead = await waitFor('the dead letters', () => {
      const byOffset = new Map(bus.deadLetters(key).map((letter) => [String(letter.headers['x-dlq-offset']), letter]));
      return byOffset.size === bad.length && [...byOffset.values()];
    });
    expect(dead.map(({ headers: h }) => String(h['x-dlq-reason']))).toEqual(bad.map(({ reason }) => reason));
    // Jest would compare buffers of 2 MB byte by byte, for seconds.
    const isKept = bad.map(({ value }, i) =>
      value ? dead[i]?.value?.equals(Buffer.from(value)) : dead[i]?.value === null,
    );
    expect(isKept).toEqual(bad.map(() => true));
    expect(dead.every(({ headers: h }) => String(h['x-kept']) === 'yes')).toBe(true);
  });

  it('writes all records that follow from a batch with very many handles, and commits it in parts', async () => {
    await connected();
    const message = Array.from({ length: 100 }, (_, i) => `@oncall-what-${i}`).join(' ');
    const alertKey = 'many';
    await bus.write(...Array.from({ length: 200 }, () => alert({ alertKey, message })), alert({ alertKey }));
    const router = await start();
    await waitFor('the page of the last', () => pagesOf().length > 0);
    const ids = () => new Set(bus.unrouted(org).map(({ id }) => id));
    await waitFor('every refusal', () => ids().size === 20_000, { lastSeen: () => ids().size });
    const metrics = await router.get(Registry).metrics();
    expect(metrics).toMatch(/batches_retried_total\{[^}]*origin="handler"[^}]*\} [1-9]/);
  });

  it('pages nobody for an alert that is too old, until it is replayed, but resolves an old recovery', async () => {
    await connected();
    const occurredAt = new Date(Date.now() - 60 * 60_000).toISOString();
    const old = { alertKey: 'old', occurredAt };
    await bus.write(alert(old), alert({ ...old, alertKey: 'over', transition: 'recovered' }));
    const writtenAt = Date.now();
    await waitFor('both to be old', () => Date.now() - writtenAt > 1000);
    const router = await start(group, { ALERT_MAX_AGE_MINUTES: 0.01 });
    await waitFor('the recovery', () => bus.commands(org).length === 1);
    const [letter] = await waitFor('the dead letter', () => nonEmpty(bus.deadLetters(`${org}/old`)));
    expect(String(letter?.headers['x-dlq-reason'])).toBe('too-old');
    expect(bus.commands(org).map(({ data }) => data.kind)).toEqual(['resolve']);

    await router.close();
    routers.splice(0);
    await bus.write({ topic: Alerts.card.topic, key: `${org}/old`, value: letter?.value ?? null, headers: {} });
    await start();
    await waitFor('its page', () => pagesOf().length === 1);
  });

  it('loses no alert when it is stopped and started under load', async () => {
    await connected();
    const keys = Array.from({ length: 2_000 }, (_, i) => `monitor-${i}`);
    const writing = (async () => {
      for (let i = 0; i < keys.length; i += 100) {
        await bus.write(...keys.slice(i, i + 100).map((alertKey) => alert({ alertKey })));
      }
    })();
    const first = await start();
    await waitFor('the first pages', () => pagesOf().length > 0);
    await first.close();
    routers.splice(0);
    await writing;
    await start();
    const alertKeys = () => new Set(pagesOf().map(({ alertKey }) => alertKey));
    await waitFor('every page', () => alertKeys().size === keys.length, { lastSeen: () => alertKeys().size });
    expect(new Set(pagesOf().map(({ pageId }) => pageId)).size).toBe(keys.length);
  });

  it('routes every alert, with one page id each, while instances start and stop', async () => {
    await connected();
    const keys: string[] = [];
    let isLoaded = true;
    const loading = (async () => {
      while (isLoaded) {
        const some = Array.from({ length: 20 }, () => uniqueName('monitor'));
        await bus.write(...some.map((alertKey) => alert({ alertKey })));
        keys.push(...some);
      }
    })();
    const routed = async (router: NestExpressApplication) =>
      (await router.get(Registry).getSingleMetricAsString('pagebridge_alerts_total')).includes('result="paged"');
    const first = await start();
    const second = await start();
    const third = await start();
    for (const router of [first, second, third]) await waitFor('its share of the alerts', () => routed(router));
    await first.close();
    await third.close();
    isLoaded = false;
    await loading;
    const alertKeys = () => new Set(pagesOf().map(({ alertKey }) => alertKey));
    await waitFor('every page', () => alertKeys().size === keys.length, { lastSeen: () => alertKeys().size });
    expect(new Set(pagesOf().map(({ pageId }) => pageId)).size).toBe(keys.length);
    routers.splice(0, routers.length, second);
  });

  it('applies new handles and deleted connections', async () => {
    await start();
    const { connection } = await connected();
    const paged = async () => {
      await bus.write(alert());
      return waitFor('a page', () => pagesOf().length > 0, { withinMs: 200 });
    };
    await waitFor('a page for a handle that is new', paged);
    await bus.write(Connections.tombstone(connection.connectionId));
    await waitFor('an alert without a page', async () => {
      await bus.write(alert({ alertKey: 'gone' }));
      return waitFor('a refusal', () => bus.unrouted(org).some(({ data }) => data.alertKey === 'gone'), {
        withinMs: 200,
      });
    });
  });

  it('resolves on recovery, and requests a sync for an unknown handle once', async () => {
    const { connection } = await connected();
    await start();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const unknown = { message: '@oncall-core-infar' };
    await bus.write(
      anAlertRecord({ sourceOrg: org, alertKey: 'a', ...unknown }, { traceparent }),
      alert({ alertKey: 'a', ...unknown }),
      alert({ alertKey: 'a', transition: 'recovered' }),
    );
    await waitFor('a resolve', () => bus.commands(org).some(({ data }) => data.kind === 'resolve'));
    const refused = await waitFor('two refusals', () => bus.unrouted(org).length === 2 && bus.unrouted(org));
    expect(refused[0]?.data).toMatchObject({ reason: 'unknown-handle', nearest: { handle: '@oncall-core-infra' } });
    expect(refused[0]?.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
    const requests = await waitFor('a request', () => nonEmpty(bus.syncRequests(org)));
    expect(requests.map(({ data }) => data)).toMatchObject([
      { directory: connection.directory, cause: 'unknown-handle' },
    ]);
  });

  it('serves its metrics', async () => {
    await connected();
    const router = await start();
    const url = await router.get(ManagementServer).listen(0, '127.0.0.1');
    await bus.write({ ...alert(), key: 'another/key' });
    await waitFor('a page', () => pagesOf().length === 1);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    for (const line of [
      /pagebridge_alerts_total\{result="paged",service="page-routing"\} [1-9]/,
      /pagebridge_alert_key_mismatches_total\{service="page-routing"\} [1-9]/,
      /pagebridge_registry_size\{of="handles",service="page-routing"\} [1-9]/,
      /pagebridge_registry_lag_records\{service="page-routing"\} 0/,
      /pagebridge_table_read_timestamp_seconds\{topic="paging.directories.v1",service="page-routing"\} \d+/,
      /pagebridge_routing_batch_seconds_count\{service="page-routing"\} [1-9]/,
    ]) {
      expect(metrics).toMatch(line);
    }
  });
});
