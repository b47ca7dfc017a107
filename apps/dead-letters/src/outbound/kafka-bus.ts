import { type KafkaLog, type KafkaSettings, Publisher, requireTopics, TableView } from '@pagebridge/kafka';
import type { Bus } from '../application/ports.ts';
import type { StoredRecord } from '../domain/letter.ts';
import type { ReplayRecord } from '../domain/replay-record.ts';

const connectTimeoutMs = 10_000;
// The largest value that a contract reads is 1 MiB; its headers come on top.
const maxRecordBytes = 2 * 1024 * 1024;

/** Kafka through the library that knows it. Connects when it is first needed. */
export class KafkaBus implements Bus {
  private readonly settings: KafkaSettings;
  private publisher: Publisher | undefined;

  constructor(brokers: readonly string[], log: KafkaLog) {
    this.settings = { brokers, clientId: 'pagebridge-dead-letters', log, connectTimeoutMs };
  }

  async read(topics: readonly string[], onRecord: (record: StoredRecord) => void): Promise<void> {
    await requireTopics(this.settings, topics);
    const failures: unknown[] = [];
    const view = new TableView(this.settings, {
      topics,
      onRecord: (record) => {
        try {
          onRecord(record);
        } catch (error) {
          // The view goes on without the record; a plan must not, so the read fails below.
          failures.push(error);
        }
      },
    });
    try {
      await view.start();
    } finally {
      await view.stop();
    }
    if (failures.length > 0) throw failures[0];
  }

  async publish(records: readonly ReplayRecord[]): Promise<void> {
    this.publisher ??= new Publisher(this.settings, { maxRecordBytes });
    await this.publisher.publish(records);
  }

  async close(): Promise<void> {
    await this.publisher?.close();
  }
}
