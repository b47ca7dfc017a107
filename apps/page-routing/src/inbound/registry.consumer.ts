import { Connections, type Entry, entryOf, Handles, handleKey, SourceOrgs } from '@pagebridge/contracts';
import type { HandleRegistry } from '@pagebridge/handle-registry';
import type { ConsumedRecord, KafkaLog } from '@pagebridge/kafka';

/** The compacted topics that make up the registry. */
export const registryTopics: readonly string[] = [Connections.card.topic, Handles.card.topic, SourceOrgs.card.topic];

/**
 * Brings the registry to what the tables say.
 *
 * A record that cannot be read, or stands under another's key, changes nothing: what was known before keeps routing. It is
 * counted and logged, not dead-lettered, since every reader of a table would do so.
 */
export class RegistryConsumer {
  constructor(
    private readonly registry: HandleRegistry,
    private readonly log: KafkaLog,
    private readonly unreadable: (topic: string) => void,
  ) {}

  readonly take = (record: ConsumedRecord): void => {
    const key = record.key?.toString('utf8') ?? '';
    const { registry } = this;
    switch (record.topic) {
      case Connections.card.topic: {
        const entry = entryOf(Connections, record, ({ connectionId }) => connectionId);
        this.apply(record, entry, (connection) => registry.applyConnection(key, connection));
        return;
      }
      case Handles.card.topic: {
        const entry = entryOf(Handles, record, ({ connectionId, teamId }) => handleKey(connectionId, teamId));
        this.apply(record, entry, (handle) => key.includes('/') && registry.applyHandle(key, handle));
        return;
      }
      case SourceOrgs.card.topic: {
        const entry = entryOf(SourceOrgs, record, ({ sourceOrg }) => sourceOrg);
        this.apply(record, entry, (settings) => registry.applySourceOrg(key, settings));
      }
    }
  };

  private apply<T>(record: ConsumedRecord, entry: Entry<T>, use: (value: T | null) => void): void {
    if (entry.kind !== 'unreadable') {
      use(entry.value);
      return;
    }
    const { topic, partition, offset } = record;
    this.unreadable(topic);
    this.log.error('a table record cannot be read and is left out', { topic, partition, offset, detail: entry.detail });
  }
}
