import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { testBrokers, uniqueName } from '@pagebridge/testing';
import kafkajs, { type Consumer } from 'kafkajs';
import { clientOf, withAdmin } from '../src/driver/client.ts';
import type { ConsumedRecord, KafkaLog, KafkaObserver, KafkaSettings, OutgoingRecord } from '../src/index.ts';
import { createTopics, securityOf, topicsSeen } from '../src/index.ts';

// kafkajs has no encoder for zstd.
Object.assign(kafkajs.CompressionCodecs, {
  [kafkajs.CompressionTypes.ZSTD]: () => ({
    compress: ({ buffer }: { buffer: Buffer }) => promisify(zlib.zstdCompress)(buffer),
  }),
});

export const brokers: readonly string[] = testBrokers();

export interface LogLine {
  readonly level: keyof KafkaLog;
  readonly message: string;
  readonly fields?: object;
}

/** A log that keeps its lines for assertions; it also prints them if the variable KAFKA_LOG is set. */
export function recordingLog(): KafkaLog & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write = (level: keyof KafkaLog) => (message: string, fields?: object) => {
    lines.push({ level, message, ...(fields ? { fields } : {}) });
    if (process.env.KAFKA_LOG)
      process.stderr.write(`${new Date().toISOString()} ${level} ${message} ${JSON.stringify(fields)}\n`);
  };
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

export const settingsWith = (observer: KafkaObserver = {}, log: KafkaLog = recordingLog()): KafkaSettings => ({
  brokers,
  clientId: 'kafka-spec',
  security: securityOf(process.env),
  log,
  observer,
});

/** Creates the topics of a test file; `remove` deletes them and their dead-letter topics. */
export class Topics {
  private readonly created: string[] = [];

  constructor(private readonly settings: KafkaSettings = settingsWith()) {}

  /** Creates a topic and its dead-letter topic, and returns the name of the topic. */
  async make(partitions = 1, config: Record<string, string> = {}): Promise<string> {
    const topic = this.name();
    const dead = `${topic}.dead`;
    this.created.push(dead);
    await createTopics(this.settings, [
      { topic, partitions, config },
      { topic: dead, partitions, config: { 'max.message.bytes': String(9 * 1024 * 1024) } },
    ]);
    return topic;
  }

  /** Returns a name for a topic that the test creates itself; `remove` deletes the topic. */
  name(): string {
    const topic = uniqueName('kafka-spec');
    this.created.push(topic);
    return topic;
  }

  async remove(): Promise<void> {
    // A test that failed may have left one of them deleted, and the deletion of a missing topic is retried for long.
    const seen = await topicsSeen(this.settings);
    const topics = this.created.filter((topic) => seen.has(topic));
    if (topics.length > 0) await withAdmin(this.settings, (admin) => admin.deleteTopics({ topics }));
  }
}

export const recordsTo = (topic: string, count: number, keyOf = (n: number) => `key-${n}`): OutgoingRecord[] =>
  Array.from({ length: count }, (_, n) => ({ topic, key: keyOf(n), value: Buffer.from(`value-${n}`), headers: {} }));

export const only = (topic: string, partition: number) => ({ topic, partition, key: 'k', headers: {} });

export const partitioned = (topic: string, partition: number, count: number): OutgoingRecord[] =>
  recordsTo(topic, count).map((record) => ({ ...record, partition }));

/** Reads a topic from its beginning with kafkajs itself. */
export class PlainReader {
  readonly records: ConsumedRecord[] = [];
  private readonly consumer: Consumer = clientOf(settingsWith()).consumer({
    groupId: uniqueName('plain-reader'),
    maxWaitTimeInMs: 100,
  });

  async start(topic: string): Promise<this> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topic, fromBeginning: true });
    await this.consumer.run({
      // The patched kafkajs passes our own decoded records.
      eachMessage: async ({ message }) => void this.records.push(message as object as ConsumedRecord),
    });
    return this;
  }

  stop(): Promise<void> {
    return this.consumer.disconnect();
  }
}

export const textOf = (value: Buffer | string | null): string => value?.toString() ?? 'null';

/** Returns the committed offset of each partition, or -1 if there is none. */
export function committed(group: string, topic: string): Promise<number[]> {
  return withAdmin(settingsWith(), async (admin) => {
    const [offsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const sorted = offsets?.partitions.toSorted((a, b) => a.partition - b.partition) ?? [];
    return sorted.map(({ offset }) => Number(offset));
  });
}
