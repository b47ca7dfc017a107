import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FlakyBroker } from '../../test-fixtures/flaky-broker.ts';
import { brokers, settingsWith, Topics } from '../../test-fixtures/real-kafka.ts';
import { addressOf } from './driver.ts';
import { KafkajsDriver } from './kafkajs-driver.ts';

describe('a connection to a broker', () => {
  const topics = new Topics();
  let broker: FlakyBroker;
  beforeEach(async () => {
    broker = new FlakyBroker(brokers[0] ?? '');
    await broker.up();
  });
  afterEach(() => broker.down());
  afterAll(() => topics.remove());

  it('is a single connection for all kinds of requests', async () => {
    const of = { topic: await topics.make(1), partition: 0 };
    const connection = await new KafkajsDriver(settingsWith()).connect(addressOf(broker.address));
    await connection.metadata([of.topic]);
    const options = { maxWaitMs: 0, maxBytes: 1024, maxPartitionBytes: 1024 };
    expect(await connection.fetch([{ ...of, offset: 0 }], options)).toMatchObject([{ ...of, error: undefined }]);
    expect(await connection.offsets([of], 'latest')).toMatchObject([{ ...of, offset: 0 }]);
    expect(broker.connections).toBe(1);
    connection.reset();
  });
});
