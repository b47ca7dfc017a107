import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BatchConsumer, createTopics, done, type KafkaSettings, Publisher, plaintext } from '@pagebridge/kafka';
import { claimFolder, type LocalProcess, Processes, startKafkaCluster } from '@pagebridge/local-stack';
import { uniqueName, waitFor } from '@pagebridge/testing';

const topic = 'frozen';
const lines: string[] = [];
const note = (message: string, fields: object = {}) => void lines.push(`${message} ${JSON.stringify(fields)}`);
const log = { debug: note, info: note, warn: note, error: note };
const stops: (() => Promise<unknown>)[] = [];

let processes: Processes;
let nodes: readonly LocalProcess[];
let settings: KafkaSettings;

beforeAll(async () => {
  const folder = claimFolder('frozen');
  processes = new Processes(folder);
  const cluster = await startKafkaCluster(folder, processes);
  nodes = cluster.nodes;
  settings = { brokers: cluster.brokers.split(','), clientId: 'frozen', security: plaintext, log };
  await createTopics(settings, [
    { topic, partitions: 3, config: {} },
    { topic: `${topic}.dead`, partitions: 3, config: {} },
  ]);
});

afterAll(async () => {
  for (const node of nodes) node.signal('SIGCONT');
  for (const stop of stops) await stop();
  await processes.killAll();
});

it('a broker that hangs holds up no group for long, neither as coordinator nor as leader, and is no loss when it is back', async () => {
  const publisher = new Publisher(settings, { deliveryTimeoutMs: 60_000 });
  stops.push(() => publisher.close());
  const publishAll = (value: string) =>
    publisher.publish([0, 1, 2].map((partition) => ({ topic, partition, key: value, value, headers: {} })));
  const reader = async () => {
    const seen: string[] = [];
    const consumer = new BatchConsumer(settings, {
      group: uniqueName('frozen'),
      topics: [topic],
      handlers: async ({ partition, records }) => {
        for (const { value } of records) seen.push(`${partition} ${value}`);
        return done;
      },
    });
    stops.push(() => consumer.stop());
    await consumer.start();
    return { seen, consumer };
  };
  // So many groups that the broker coordinates some of them.
  const readers = await Promise.all(Array.from({ length: 12 }, reader));
  const read = (value: string) => () =>
    readers.every(({ seen }) => [0, 1, 2].every((partition) => seen.includes(`${partition} ${value}`)));
  await publishAll('before');
  await waitFor('the records before', read('before'));

  const [, , third] = nodes;
  third?.signal('SIGSTOP');
  await publishAll('while it hangs');
  await waitFor('the records of every group', read('while it hangs'), { withinMs: 30_000 });

  third?.signal('SIGCONT');
  await publishAll('after');
  await waitFor('the records after', read('after'), { withinMs: 30_000 });
  await waitFor('all groups', () => readers.every(({ consumer }) => consumer.health().ready), { withinMs: 30_000 });
  expect(lines.filter((line) => line.includes('consumer stopped by a fatal error'))).toEqual([]);
}, 240_000);
