import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Alerts, cards, PageStates, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, type KafkaSettings, Publisher, plaintext } from '@pagebridge/kafka';
import { anAlert, testBrokers, uniqueName } from '@pagebridge/testing';
import { KafkaSources } from './kafka-sources.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const settings: KafkaSettings = { brokers: testBrokers(), clientId: 'sources-spec', security: plaintext, log };
const publisher = new Publisher(settings);
const sources = new KafkaSources(settings);

beforeAll(async () => {
  await createTopics(settings, cards.flatMap(topicDefinitionsOf));
  await publisher.start();
});
afterAll(() => Promise.all([publisher.close(), sources.close()]));

it('has no ledger of an alert whose newest record cannot be read, and says so', async () => {
  const sourceOrg = uniqueName('traced');
  const time = new Date().toISOString();
  const state = { sourceOrg, alertKey: 'disk', ownerEpoch: 1, lastEventAt: time, updatedAt: time, pages: [] };
  const record = PageStates.encode(`${sourceOrg}/disk`, { id: 'state', source: '/spec', time }, state);
  await publisher.publish([record]);
  expect((await sources.about(sourceOrg, 'disk', undefined)).ledger).toMatchObject(state);

  await publisher.publish([{ ...record, value: String(record.value).replace('page-state.v1', 'page-state.v2') }]);
  const { ledger, missing } = await sources.about(sourceOrg, 'disk', undefined);
  expect({ ledger, missing }).toEqual({
    ledger: undefined,
    missing: expect.arrayContaining([expect.stringContaining('Upgrade this program')]),
  });
});

it('takes no record for expired that only --since leaves out', async () => {
  const sourceOrg = uniqueName('traced');
  const time = new Date().toISOString();
  const key = `${sourceOrg}/disk`;
  await publisher.publish([
    Alerts.encode(key, { id: 'e', source: '/spec', time }, anAlert({ sourceOrg, alertKey: 'disk' })),
  ]);
  const { hops, keptSince } = await sources.about(sourceOrg, 'disk', Date.now() + 60_000);
  expect({ hops, keptSince: [...keptSince] }).toEqual({ hops: [], keptSince: [] });
});
