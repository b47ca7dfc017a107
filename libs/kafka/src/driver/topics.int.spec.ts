import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { uniqueName } from '@pagebridge/testing';
import { brokers, settingsWith, Topics } from '../../test-fixtures/real-kafka.ts';
import { BrokerUnreachableError, createTopics, MissingTopicsError, requireTopics, WrongTopicsError } from '../index.ts';
import { withAdmin } from './client.ts';

describe('topics', () => {
  const topics = new Topics();
  const fresh = uniqueName('kafka-spec');
  afterAll(async () => {
    await topics.remove();
    await withAdmin(settingsWith(), (admin) => admin.deleteTopics({ topics: [fresh] }));
  });

  it('are created if missing, and never changed', async () => {
    const existing = await topics.make(2);
    const wide = { topic: existing, partitions: 5, config: {} };
    const report = await createTopics(settingsWith(), [wide, { topic: fresh, partitions: 3, config: {} }]);
    expect(report).toEqual({ created: [fresh], existing: [existing] });
    await requireTopics(settingsWith(), [existing, fresh], { [existing]: 2, [fresh]: 3 });
    const again = await createTopics(settingsWith(), [{ topic: fresh, partitions: 3, config: {} }]);
    expect(again).toEqual({ created: [], existing: [fresh] });
  });

  it('may be created by several clients at once', async () => {
    const topic = uniqueName('kafka-spec');
    const definition = { topic, partitions: 2, config: {} };
    await Promise.all([1, 2, 3].map(() => createTopics(settingsWith(), [definition])));
    await withAdmin(settingsWith(), (admin) => admin.deleteTopics({ topics: [topic] }));
  });

  it('are not created with more copies than brokers: the error names both numbers', async () => {
    const definition = { topic: uniqueName('kafka-spec'), partitions: 1, replicationFactor: 99, config: {} };
    const started = Date.now();
    await expect(createTopics(settingsWith(), [definition])).rejects.toThrow(
      /^a replication factor of 99 needs .*, and the cluster has \d+:/,
    );
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('are named if missing or with another partition count', async () => {
    const existing = await topics.make(2);
    await expect(requireTopics(settingsWith(), [existing, 'gone-1', 'gone-2'])).rejects.toThrow(MissingTopicsError);
    const narrow = requireTopics(settingsWith(), [existing], { [existing]: 12 });
    await expect(narrow).rejects.toThrow(WrongTopicsError);
    await expect(narrow).rejects.toThrow(`${existing} has 2 partitions instead of 12`);
  });

  it('are looked up at the next broker if the first accepts connections and never answers', async () => {
    const existing = await topics.make(2);
    // A client that gives up resets its connection.
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await requireTopics({ ...settingsWith(), brokers: [`127.0.0.1:${port}`, ...brokers] }, [existing]);
    silent.close();
  });

  it('cannot be looked up without a broker: the error names the addresses', async () => {
    const settings = { ...settingsWith(), brokers: ['127.0.0.1:1', '127.0.0.1:2'], connectTimeoutMs: 0 };
    const lookup = requireTopics(settings, ['t']);
    await expect(lookup).rejects.toThrow(BrokerUnreachableError);
    await expect(lookup).rejects.toThrow('127.0.0.1:1, 127.0.0.1:2');
  });
});
