import { Inject, Injectable } from '@nestjs/common';
import { type AlertState, type Event, type PageCommand, PageCommands, type PageState } from '@pagebridge/contracts';
import { type ConsumedRecord, type KafkaSettings, RangeReader } from '@pagebridge/kafka';
import { isCommandOf } from '@pagebridge/page-ledger';
import { KAFKA_SETTINGS } from '@pagebridge/service';

const { topic } = PageCommands.card;
// Pages wait in the order of their commands, so that the next ones need the same records. Yet a page may need one record.
const fetchBytes = 256 * 1024;
const maxBytes = 32 * 1024 * 1024;
const maxFetches = 128;

/** Records that one fetch returned. */
interface Fetched {
  readonly partition: number;
  readonly records: Map<number, ConsumedRecord>;
  bytes: number;
}

type Alert = Pick<AlertState, 'sourceOrg' | 'alertKey'>;

/** A command that was read back, with its record. */
export interface CommandRecord {
  readonly record: ConsumedRecord;
  readonly event: Event<PageCommand>;
}

/** Reads page commands back from their topic, by offset, and caches the latest fetches. */
@Injectable()
export class KafkaCommands {
  private readonly reader: RangeReader;
  private readonly fetches: Fetched[] = [];
  private readonly reads = new Map<number, Promise<unknown>>();
  private readonly readingSince = new Map<number, number>();
  private bytes = 0;

  constructor(@Inject(KAFKA_SETTINGS) settings: KafkaSettings) {
    this.reader = new RangeReader(settings, fetchBytes);
  }

  /**
   * Returns the command of a page; undefined if its record is gone, or if another record has its offset. Waits while
   * Kafka cannot be read; rejects when the reader is stopped.
   */
  async commandOf(partition: number, alert: Alert, page: PageState): Promise<CommandRecord | undefined> {
    const offset = page.commandRecord?.offset;
    const record = offset === undefined ? undefined : await this.recordAt(partition, offset);
    const decoded = record && PageCommands.decode({ value: record.value, headers: record.headers });
    if (!decoded?.ok) return undefined;
    const { data, ...attributes } = decoded.event;
    return record && isCommandOf(alert, page, data) ? { record, event: { ...attributes, data } } : undefined;
  }

  /** Returns for how long the present read of a partition has lasted, in ms. */
  unreadMs(partition: number): number {
    const now = performance.now();
    return now - (this.readingSince.get(partition) ?? now);
  }

  health(): ReturnType<RangeReader['health']> {
    return this.reader.health();
  }

  stop(): Promise<void> {
    return this.reader.stop();
  }

  // Reads of a partition take turns: the pages that wait for a fetch mostly find their records in it. The caller of the
  // previous read handles its error.
  private recordAt(partition: number, offset: number): Promise<ConsumedRecord | undefined> {
    const previous = this.reads.get(partition)?.catch(() => undefined);
    const read = Promise.resolve(previous).then(
      () => this.fetchedAt(partition, offset) ?? this.fetch(partition, offset),
    );
    this.reads.set(partition, read);
    return read;
  }

  private fetchedAt(partition: number, offset: number): ConsumedRecord | undefined {
    for (const { partition: of, records } of this.fetches) {
      const record = of === partition ? records.get(offset) : undefined;
      if (record) return record;
    }
    return undefined;
  }

  private async fetch(partition: number, offset: number): Promise<ConsumedRecord | undefined> {
    const fetched: Fetched = { partition, records: new Map(), bytes: 0 };
    this.readingSince.set(partition, performance.now());
    const onRecord = (record: ConsumedRecord) => {
      fetched.records.set(record.offset, record);
      fetched.bytes += record.value?.length ?? 0;
    };
    await this.reader.readFrom(topic, partition, offset, onRecord).finally(() => this.readingSince.delete(partition));
    if (fetched.records.size === 0) return undefined;
    this.fetches.push(fetched);
    this.bytes += fetched.bytes;
    // The latest fetch stays, however large it is: its caller needs it.
    while (this.fetches.length > maxFetches || (this.bytes > maxBytes && this.fetches.length > 1))
      this.bytes -= this.fetches.shift()?.bytes ?? 0;
    return fetched.records.get(offset);
  }
}
