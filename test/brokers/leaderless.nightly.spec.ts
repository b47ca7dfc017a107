import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  BatchConsumer,
  createTopics,
  done,
  type KafkaSettings,
  Publisher,
  plaintext,
  RangeReader,
} from '@pagebridge/kafka';
import { claimFolder, type LocalProcess, Processes, startKafkaCluster } from '@pagebridge/local-stack';
import { uniqueName, waitFor } from '@pagebridge/testing';

const topic = 'leaderless';
const lines: string[] = [];
const note = (message: string, fields: object = {}) => void lines.push(`${message} ${JSON.stringify(fields)}`);
const log = { debug: note, info: note, warn: note, error: note };
const stops: (() => Promise<unknown>)[] = [];

let processes: Processes;
let nodes: readonly LocalProcess[];
let settings: KafkaSettings;

beforeAll(async () => {
  const folder = claimFolder('leaderless');
  processes = new Processes(folder);
  const cluster = await startKafkaCluster(folder, processes);
  nodes = cluster.nodes;
  settings = { brokers: cluster.brokers.split(','), clientId: 'leaderless', security: plaintext, log };
  // Each partition has one copy; the group's own topics have three.
  // Two on each broker, of which one never has a record, nor its group a committed offset.
  const single = { partitions: 6, replicationFactor: 1 };
  await createTopics(settings, [
    { topic, ...single, config: {} },
    { topic: `${topic}.dead`, partitions: 6, config: {} },
  ]);
});

afterAll(async () => {
  for (const stop of stops) await stop();
  await processes.killAll();
});

it('a partition without a leader holds up no other of its group, of a new member, or of who restores, and is read once it has one', async () => {
  const publisher = new Publisher(settings, { deliveryTimeoutMs: 5000 });
  stops.push(() => publisher.close());
  const publishTo = async (partition: number, value: string) => {
    await publisher.publish([{ topic, partition, key: value, value, headers: {} }]);
  };
  const seen = new Set<string>();
  const group = uniqueName('leaderless');
  const member = () => {
    const consumer = new BatchConsumer(settings, {
      group,
      topics: [topic],
      handlers: async ({ records }) => {
        for (const { value } of records) seen.add(String(value));
        return done;
      },
    });
    stops.push(() => consumer.stop());
    return consumer;
  };
  const first = member();
  await first.start();
  for (const partition of [0, 1, 2]) await publishTo(partition, `before-${partition}`);
  await waitFor('all records', () => seen.size === 3);

  const [, , third] = nodes;
  await third?.crash();
  const crashedAt = Date.now();
  const takes = (partition: number) =>
    publishTo(partition, `taken-${partition}`).then(
      () => [partition],
      () => [],
    );
  const led = (await Promise.all([0, 1, 2].map(takes))).flat();
  expect(led).toHaveLength(2);
  const [one = 0, other = 0] = led;
  const isReported = () => first.health().detail.includes('LEADER_NOT_AVAILABLE');
  await waitFor('the partitions without a leader to be named', isReported);
  // Longer than metadata are believed.
  for (let n = 0; Date.now() - crashedAt < 75_000; n += 1) {
    await publishTo(n % 2 === 0 ? one : other, `while-${n}`);
    await waitFor(`record ${n}, ${Date.now() - crashedAt} ms after the crash`, () => seen.has(`while-${n}`));
  }
  await member().start();
  await publishTo(one, 'to both');
  await publishTo(other, 'to both members');
  await waitFor('what two members read', () => seen.has('to both') && seen.has('to both members'));
  const reader = new RangeReader(settings);
  stops.push(() => reader.stop());
  const restored: string[] = [];
  await reader.readAll(topic, one, ({ value }) => restored.push(String(value)));
  expect(restored[0]).toBe(`before-${one}`);

  if (third) await processes.start(third.spec);
  const lost = [0, 1, 2].find((partition) => !led.includes(partition)) ?? 0;
  await waitFor('a leader', () => takes(lost).then(({ length }) => length === 1));
  await waitFor('the record of the partition that has a leader again', () => seen.has(`taken-${lost}`));
  await waitFor('no partition to be named', () => !isReported());
}, 240_000);
