import { Injectable } from '@nestjs/common';
import { type Alert, Alerts, type Event, PageCommands, UnroutedHandles } from '@pagebridge/contracts';
import { RangeReader } from '@pagebridge/kafka';
import type { History, TopicPartition } from '../application/deferred-paging/ports.ts';

type OnWaiting = Parameters<History['waiting']>[2];
type OnCommand = Parameters<History['commands']>[3];

/** Reads the records about waiting handles from Kafka. */
@Injectable()
export class KafkaHistory implements History {
  constructor(private readonly reader: RangeReader) {}

  waiting(partition: number, sinceMs: number, onRecord: OnWaiting): Promise<void> {
    return this.reader.readSince(UnroutedHandles.card.topic, partition, sinceMs, (record) => {
      const read = UnroutedHandles.decode(record);
      // page-routing writes only readable records. The handle of another record does not wait.
      if (read.ok) onRecord({ data: read.event.data, writtenAtMs: record.timestamp });
    });
  }

  commands(partition: number, sinceMs: number, identities: ReadonlySet<string>, onCommand: OnCommand): Promise<void> {
    return this.reader.readSince(PageCommands.card.topic, partition, sinceMs, (record) => {
      if (!identities.has(record.key?.toString('utf8') ?? '')) return;
      const read = PageCommands.decode(record);
      if (read.ok) onCommand({ data: read.event.data, writtenAtMs: record.timestamp });
    });
  }

  async alerts(
    { topic, partition }: TopicPartition,
    offsets: Iterable<number>,
  ): Promise<ReadonlyMap<number, Event<Alert>>> {
    const alerts = new Map<number, Event<Alert>>();
    await this.reader.readAt(topic, partition, offsets, (record) => {
      const read = Alerts.decode(record);
      if (read.ok) alerts.set(record.offset, read.event);
    });
    return alerts;
  }
}
