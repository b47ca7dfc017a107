import { Connections, entryOf, Handles, handleKey, SourceOrgs } from '@pagebridge/contracts';
import type { HandleRegistry } from '@pagebridge/handle-registry';
import type { ConsumedRecord } from '@pagebridge/kafka';
import type { SyncLog } from '../application/ports.ts';
import type { Tables } from '../application/tables.ts';

/** The compacted topics that this service knows by heart. */
export const tableTopics: readonly string[] = [Connections.card.topic, Handles.card.topic, SourceOrgs.card.topic];

/** Told of records that cannot be read. */
export type Unreadable = (topic: string) => void;

/**
 * Takes the records of the tables in, for syncing and for search.
 *
 * A record that cannot be read changes nothing: it is counted and logged, and no page depends on it here. It is not dead-
 * lettered, since every reader of a table would do so, and the next record of its key takes its place.
 */
export class TablesConsumer {
  constructor(
    private readonly tables: Tables,
    private readonly registry: HandleRegistry,
    private readonly log: SyncLog,
    private readonly unreadable: Unreadable,
  ) {}

  readonly take = (record: ConsumedRecord): void => {
    const key = record.key?.toString('utf8') ?? '';
    if (record.topic === Connections.card.topic) this.takeConnection(key, record);
    else if (record.topic === Handles.card.topic) this.takeHandle(key, record);
    else if (record.topic === SourceOrgs.card.topic) this.takeSourceOrg(key, record);
  };

  private takeConnection(connectionId: string, record: ConsumedRecord): void {
    const entry = entryOf(Connections, record, (connection) => connection.connectionId);
    if (entry.kind === 'unreadable') {
      this.leaveOut(record, entry.detail);
      this.tables.connectionUnreadable(connectionId);
      return;
    }
    this.tables.applyConnection(connectionId, entry.value);
  }

  private takeHandle(key: string, record: ConsumedRecord): void {
    const entry = entryOf(Handles, record, (handle) => handleKey(handle.connectionId, handle.teamId));
    if (entry.kind === 'unreadable') {
      this.leaveOut(record, entry.detail);
      return;
    }
    const slash = key.indexOf('/');
    if (slash <= 0) return;
    this.tables.applyHandle(key.slice(0, slash), key.slice(slash + 1), entry.value);
  }

  private takeSourceOrg(org: string, record: ConsumedRecord): void {
    const entry = entryOf(SourceOrgs, record, (settings) => settings.sourceOrg);
    if (entry.kind === 'unreadable') this.leaveOut(record, entry.detail);
    else this.registry.applySourceOrg(org, entry.value);
  }

  private leaveOut({ topic, partition, offset }: ConsumedRecord, detail: string): void {
    this.unreadable(topic);
    this.log.error('a table record cannot be read and is left out', { topic, partition, offset, detail });
  }
}
