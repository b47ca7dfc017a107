import { Alerts, Audit, type OutgoingRecord, replayedFromHeader } from '@pagebridge/contracts';
import {
  KafkaError,
  type KafkaSettings,
  Publisher,
  readRecordBatch,
  requireTopics,
  TableView,
} from '@pagebridge/kafka';
import type { BatchContents } from './letters/batch.ts';
import type { StoredRecord } from './letters/record.ts';
import type { ReplayRecord } from './plan/replay-record.ts';

// The bound of the alerts topic: a value may have 1 MiB, and headers of any size are added.
const maxRecordBytes = Alerts.card.maxMessageBytes ?? 8 * 1024 * 1024;

/** A replay that Kafka refuses permanently, with the name of its dead letter. */
export interface Refused {
  readonly name: string;
  readonly detail: string;
}

/** What previews and replays need of Kafka. */
export type Bus = Pick<KafkaBus, 'read' | 'openBatch' | 'publish' | 'audit' | 'close'>;

/** Accesses Kafka through `libs/kafka`. Connects on first use. */
export class KafkaBus {
  private publisher: Publisher | undefined;
  private readonly reading = new Set<TableView>();
  private isClosed = false;

  constructor(private readonly settings: KafkaSettings) {}

  /** Passes every record that exists now, in the order of its partition. */
  async read(topics: readonly string[], onRecord: (record: StoredRecord) => void): Promise<void> {
    await requireTopics(this.settings, topics);
    const failures: unknown[] = [];
    const take = (record: StoredRecord): void => {
      if (failures.length > 0) return;
      try {
        onRecord(record);
      } catch (error) {
        // TableView would skip the record, but a plan needs every record: the read ends, and rejects below.
        failures.push(error);
        void view.stop();
      }
    };
    const view = new TableView(this.settings, { topics, onRecord: (record) => void take(record) });
    this.requireOpen();
    this.reading.add(view);
    try {
      await view.start();
    } catch (error) {
      throw failures.length > 0 ? failures[0] : error;
    } finally {
      this.reading.delete(view);
      await view.stop();
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Opens a parked batch, up to `maxBytes` of decompressed records; never rejects. */
  openBatch = (bytes: Buffer, maxBytes: number): Promise<BatchContents> => readRecordBatch(bytes, maxBytes);

  /**
   * Resolves to the refused records once every in-sync replica has acknowledged all others. If it rejects, some records
   * may have been written.
   */
  async publish(records: readonly ReplayRecord[]): Promise<readonly Refused[]> {
    const refused = await this.opened().publishAccepted(records);
    return refused.map(({ record, detail }) => ({ name: String(record.headers[replayedFromHeader]), detail }));
  }

  /** Resolves once the record is written to the audit topic. */
  async audit(record: OutgoingRecord): Promise<void> {
    await requireTopics(this.settings, [Audit.card.topic]);
    await this.opened().publish([record]);
  }

  private opened(): Publisher {
    this.requireOpen();
    this.publisher ??= new Publisher(this.settings, { maxRecordBytes });
    return this.publisher;
  }

  private requireOpen(): void {
    if (this.isClosed) throw new KafkaError('KAFKA.CLOSED', true, 'The connection for dead letters was closed');
  }

  /** Ends what is running: reads reject, and what is being written may have been written. */
  async close(): Promise<void> {
    this.isClosed = true;
    const views = [...this.reading].map((view) => view.stop());
    await Promise.all([...views, this.publisher?.close()]);
  }
}
