import 'reflect-metadata';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { orgAlertsCard, SourceOrgs, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics } from '@pagebridge/kafka';
import { uniqueName, unlimited, waitFor } from '@pagebridge/testing';
import { kafkaSettings, RunningService, TopicReader } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

// Long enough that a request of a busy machine still comes too soon.
const service = new RunningService({ ...unlimited, ALERT_TOPIC_DRAIN_SECONDS: '6' });
const settings = new TopicReader([SourceOrgs.card.topic]);
const org = uniqueName('owner');
const settle = (alertTopic?: string, its: object = {}, sourceOrg = org) =>
  service.send(
    'PUT',
    `/v1/source-orgs/${sourceOrg}`,
    { localHandles: [], ...its, ...(alertTopic ? { alertTopic } : {}) },
    {
      'if-match': '*',
    },
  );

beforeAll(async () => {
  await service.start();
  await settings.start();
});
afterAll(async () => {
  await settings.stop();
  await service.stop();
});

it('lets an org use its own alert topic once that exists, and drops a topic only after both were read', async () => {
  const refused = (code: string) => ({ status: 409, body: { code, errors: [{ field: 'alertTopic' }] } });
  expect(await settle('both')).toMatchObject(refused('alert-topic-unfit'));
  expect((await settle('both')).body.detail).toContain('`pagebridge topics create --org');
  const definitions = topicDefinitionsOf(orgAlertsCard(org));
  const alone = definitions.slice(0, 1);
  await createTopics(kafkaSettings('cm-test'), alone);
  expect((await settle('both')).body.detail).toContain(`paging.org-alerts.v1.${org}.dead`);
  await createTopics(kafkaSettings('cm-test'), definitions);
  expect(await settle('own')).toMatchObject(refused('alert-topic-both-first'));
  expect((await service.send('GET', `/v1/source-orgs/${org}`)).body).toMatchObject({
    alertTopic: 'shared',
    version: 0,
  });

  expect(await settle('both')).toMatchObject({ status: 200, body: { alertTopic: 'both', version: 1 } });
  const tooSoon = await settle('own');
  expect(tooSoon).toMatchObject(refused('alert-topic-both-first'));
  expect(tooSoon.body.detail).toMatch(/Retry at 20\S+Z or later/);
  expect(await settle(undefined, { fallbackHandle: 'network' })).toMatchObject({
    status: 200,
    body: { alertTopic: 'both', fallbackHandle: 'network', version: 2 },
  });
  await waitFor('both to be drained', async () => (await settle('own')).status === 200);
  const told = await settings.next(SourceOrgs, org, ({ alertTopic }) => alertTopic === 'own');
  const since = Date.parse((await service.send('GET', `/v1/source-orgs/${org}`)).body.alertTopicSince as string);
  // A minute for producers to learn of it.
  const alertTopicSince = new Date(since + 60_000).toISOString();
  expect(told).toMatchObject({ alertTopic: 'own', alertTopicSince, version: 3 });
  expect(await settle('shared')).toMatchObject(refused('alert-topic-both-first'));
  const audit = (await service.send('GET', `/v1/source-orgs/${org}/audit`)).body.items;
  expect(audit).toMatchObject([{ before: { alertTopic: 'both' }, after: { alertTopic: 'own' } }, {}, {}]);
});

it('tells to delete a topic with another number of partitions, which creating and granting do not change', async () => {
  const other = uniqueName('owner');
  await createTopics(kafkaSettings('cm-test'), topicDefinitionsOf({ ...orgAlertsCard(other), partitions: 13 }));
  const { status, body } = await settle('both', {}, other);
  expect({ status, code: body.code }).toEqual({ status: 409, code: 'alert-topic-unfit' });
  expect(body.detail).toContain('13 partitions instead of 12');
  expect(body.detail).toContain('Delete the topic');
  expect(body.detail).not.toContain('acls');
});

it('refuses any other value of alertTopic', async () => {
  for (const wrong of ['mine', 3, null]) {
    const input = { localHandles: [], alertTopic: wrong };
    const { status, body } = await service.send('PUT', `/v1/source-orgs/${org}`, input, { 'if-match': '*' });
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ field: 'alertTopic' }] } });
  }
});

it('refuses a change whose If-Match does not hold before it asks Kafka for the topic', async () => {
  const path = `/v1/source-orgs/${uniqueName('owner')}`;
  const settleAt = (headers: Record<string, string>) =>
    service.send('PUT', path, { localHandles: [], alertTopic: 'both' }, headers);
  expect(await settleAt({ 'if-match': '"7"' })).toMatchObject({ status: 412, body: { code: 'if-match-stale' } });
  expect(await settleAt({})).toMatchObject({ status: 428, body: { code: 'if-match-missing' } });
  expect(await settleAt({ 'if-match': '"0"' })).toMatchObject({ status: 409, body: { code: 'alert-topic-unfit' } });
});
