import { Alerts, Audit, type OutgoingRecord, replayedFromHeader } from '@pagebridge/contracts';
import {
  type KafkaSettings,
  Publisher,
  RangeReader,
  readRecordBatch,
  requireTopics,
  TableView,
} from '@pagebridge/kafka';
import type { Bus, Refused } from '../application/ports.ts';
import type { BatchContents } from '../domain/batch.ts';
import type { StoredRecord } from '../domain/letter.ts';
import type { ReplayRecord } from '../domain/replay-record.ts';

const connectTimeoutMs = 10_000;
// The bound of the alerts topic: a value may have 1 MiB, and headers of any size are added.
const maxRecordBytes = Alerts.card.maxMessageBytes ?? 8 * 1024 * 1024;

/** Accesses Kafka through `libs/kafka`. Connects on first use. */
export class KafkaBus implements Bus {
  private readonly settings: KafkaSettings;
  private publisher: Publisher | undefined;
  private reader: RangeReader | undefined;

  constructor(kafka: Pick<KafkaSettings, 'brokers' | 'security' | 'log' | 'maxDecompressedBytes'>) {
    this.settings = { ...kafka, clientId: 'pagebridge-dead-letters', connectTimeoutMs };
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
          // TableView would skip the record, but a plan needs every record: the read rejects below.
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

  async readRange(topic: string, partition: number, first: number, last: number): Promise<StoredRecord[]> {
    this.reader ??= new RangeReader(this.settings);
    const offsets = Array.from({ length: last - first + 1 }, (_, n) => first + n);
    const records: StoredRecord[] = [];
    await this.reader.readAt(topic, partition, offsets, (record) => records.push(record));
    return records;
  }

  openBatch(bytes: Buffer, maxBytes: number): Promise<BatchContents> {
    return readRecordBatch(bytes, maxBytes);
  }

  async publish(records: readonly ReplayRecord[]): Promise<readonly Refused[]> {
    this.publisher ??= new Publisher(this.settings, { maxRecordBytes });
    // All other records are acknowledged. The dead letter of a refused record stays, and the caller receives its name.
    const refused = await this.publisher.publishAccepted(records);
    return refused.map(({ record, detail }) => ({ name: String(record.headers[replayedFromHeader]), detail }));
  }

  async audit(record: OutgoingRecord): Promise<void> {
    await requireTopics(this.settings, [Audit.card.topic]);
    this.publisher ??= new Publisher(this.settings, { maxRecordBytes });
    await this.publisher.publish([record]);
  }

  async close(): Promise<void> {
    await Promise.all([this.publisher?.close(), this.reader?.stop()]);
  }
}
