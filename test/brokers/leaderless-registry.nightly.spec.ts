import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  Connections,
  Handles,
  handleKey,
  PageCommands,
  topicDefinitionsOf,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { createTopics, type OutgoingRecord, Publisher, partitionFor, plaintext } from '@pagebridge/kafka';
import {
  answersOk,
  claimFolder,
  createAllTopics,
  freePorts,
  type LocalProcess,
  Processes,
  sealingKeys,
  serviceSpec,
  startKafkaCluster,
  TopicWatch,
} from '@pagebridge/local-stack';
import { aConnection, aHandle, anAlertRecord, waitFor } from '@pagebridge/testing';

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const attributes = { id: 'spec', source: '/spec', time: '2026-01-01T00:00:00Z' };
const { topic: handlesTopic, partitions } = Handles.card;
const stops: (() => Promise<unknown>)[] = [];

let folder: ReturnType<typeof claimFolder>;
let processes: Processes;
let nodes: readonly LocalProcess[];
let brokers: string;
let watch: TopicWatch;
let publisher: Publisher;

/** An org for each partition of the handles, with a directory in that partition. */
const orgs = Array.from({ length: partitions }, (_, partition) => {
  for (let n = 0; ; n += 1) {
    const directory = `EU1/org-globex/account-${n}`;
    if (partitionFor(directory, partitions) === partition) return { sourceOrg: `acme-${partition}`, directory };
  }
});

beforeAll(async () => {
  folder = claimFolder('leaderless-registry');
  processes = new Processes(folder);
  ({ brokers, nodes } = await startKafkaCluster(folder, processes));
  const settings = { brokers: brokers.split(','), clientId: 'leaderless-registry', security: plaintext, log };
  // One copy of each partition of the handles, and three of all others.
  const handles = topicDefinitionsOf(Handles.card).map((definition) => ({ ...definition, replicationFactor: 1 }));
  await createTopics(settings, handles);
  await createAllTopics({ brokers });
  watch = new TopicWatch({ brokers }, [PageCommands.card.topic, UnroutedHandles.card.topic]);
  await watch.start();
  stops.push(() => watch.stop());
  publisher = new Publisher(settings, { deliveryTimeoutMs: 5000 });
  stops.push(() => publisher.close());
});

afterAll(async () => {
  for (const stop of stops) await stop();
  await processes.killAll();
});

const publishHandle = (partition: number) => {
  const directory = orgs[partition]?.directory ?? '';
  const handle = aHandle({ directory, teamId: 'team-1' });
  return publisher.publish([{ ...Handles.encode(handleKey(directory, 'team-1'), attributes, handle), partition }]);
};
const alertOf = (partition: number): OutgoingRecord => anAlertRecord({ sourceOrg: `acme-${partition}` });
const answer = async (url: string) => await (await fetch(url)).text();

it('page-routing starts while a partition of the handles has no leader, and pages its handles once it has one', async () => {
  const connections = orgs.map((its) => aConnection(its));
  await publisher.publish(connections.map((each) => Connections.encode(each.connectionId, attributes, each)));
  await Promise.all(orgs.map((_, partition) => publishHandle(partition)));
  const [, , third] = nodes;
  await third?.crash();
  const isLed = (partition: number) =>
    publishHandle(partition).then(
      () => true,
      () => false,
    );
  const led = await Promise.all(orgs.map((_, partition) => isLed(partition)));
  const [read, unread] = [led.indexOf(true), led.indexOf(false)];
  expect([read, unread]).not.toContain(-1);

  const [callers = 0, management = 0] = await freePorts(2);
  const infrastructure = { brokers, databaseUrl: '' };
  const dependencies = { infrastructure, keys: await sealingKeys(folder), dataCenters: [] };
  const url = `http://127.0.0.1:${management}`;
  const spec = serviceSpec('page-routing', dependencies, { callers, management });
  await processes.start({ ...spec, ready: () => answersOk(`${url}/health/started`) });

  await publisher.publish([alertOf(read), alertOf(unread)]);
  await watch.waitForEvent(PageCommands, 'a page of a read partition', ({ sourceOrg }) => sourceOrg === `acme-${read}`);
  const isUnread = ({ sourceOrg }: { sourceOrg: string }) => sourceOrg === `acme-${unread}`;
  const { event } = await watch.waitForEvent(UnroutedHandles, 'a handle of the unread one', isUnread);
  const gap = `${handlesTopic}/${unread} has not been read yet: LEADER_NOT_AVAILABLE`;
  expect(event.data).toMatchObject({ reason: 'registry-incomplete', waitingUntil: expect.any(String) });
  expect(event.data.detail).toContain(gap);
  expect((await fetch(`${url}/health/ready`)).status).toBe(503);
  expect(await answer(`${url}/health/ready`)).toMatch(
    new RegExp(`${handlesTopic}/\\d+ has not been read yet: LEADER_NOT_`),
  );
  const [started, ...seen] = await Promise.all(
    [
      'process_start_time_seconds{',
      `table_read_timestamp_seconds{topic="${handlesTopic}"`,
      `unread_partitions{topic="${handlesTopic}"`,
    ].map(async (name) => Number((await answer(`${url}/metrics`)).split(name)[1]?.match(/\} (\S+)/)?.[1])),
  );
  expect(Math.abs(Number(started) - Number(seen[0]))).toBeLessThan(2);
  expect(seen[1]).toBe(led.filter((its) => !its).length);
  expect(watch.eventsOf(PageCommands, isUnread)).toEqual([]);

  if (third) await processes.start(third.spec);
  const late = await watch.waitForEvent(PageCommands, 'the late page', isUnread);
  expect(late.event.data).toMatchObject({
    kind: 'page',
    handle: '@oncall-core-infra',
    tags: expect.arrayContaining(['late']),
  });
  await waitFor('readiness', () => answersOk(`${url}/health/ready`));
}, 300_000);
