import { Connections, type Contract, Handles, handleKey, SourceOrgs } from '@pagebridge/contracts';
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
    switch (record.topic) {
      case Connections.card.topic: {
        const connection = this.read(Connections, record, (data) => data.connectionId === key);
        if (connection !== undefined) this.registry.applyConnection(key, connection);
        return;
      }
      case Handles.card.topic: {
        const handle = this.read(Handles, record, (data) => handleKey(data.connectionId, data.teamId) === key);
        if (handle !== undefined && key.includes('/')) this.registry.applyHandle(key, handle);
        return;
      }
      case SourceOrgs.card.topic: {
        const settings = this.read(SourceOrgs, record, (data) => data.sourceOrg === key);
        if (settings !== undefined) this.registry.applySourceOrg(key, settings);
      }
    }
  };

  /** Null for a tombstone, undefined for what is left out. */
  private read<T>(contract: Contract<T>, record: ConsumedRecord, fits: (data: T) => boolean): T | null | undefined {
    if (record.value === null) return null;
    const decoded = contract.decode(record);
    if (decoded.ok && fits(decoded.event.data)) return decoded.event.data;
    const { topic, partition, offset } = record;
    const detail = decoded.ok ? 'its key does not fit its value' : `${decoded.reason}: ${decoded.detail}`;
    this.unreadable(topic);
    this.log.error('a table record cannot be read and is left out', { topic, partition, offset, detail });
    return undefined;
  }
}
