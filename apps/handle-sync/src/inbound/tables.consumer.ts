import {
  type Connection,
  Connections,
  type Contract,
  type Handle,
  Handles,
  type SourceOrg,
  SourceOrgs,
} from '@pagebridge/contracts';
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
    const connection = this.read<Connection>(Connections, record, (data) => data.connectionId === connectionId);
    if (connection === undefined) {
      this.tables.connectionUnreadable(connectionId);
      return;
    }
    // Search first, so that whoever hears of a connection can find it.
    this.registry.applyConnection(connectionId, connection);
    this.tables.applyConnection(connectionId, connection);
  }

  private takeHandle(key: string, record: ConsumedRecord): void {
    const slash = key.indexOf('/');
    const [connectionId, teamId] = [key.slice(0, slash), key.slice(slash + 1)];
    const fits = (data: Handle) => slash > 0 && data.connectionId === connectionId && data.teamId === teamId;
    const handle = this.read<Handle>(Handles, record, fits);
    if (handle === undefined || slash <= 0) return;
    this.registry.applyHandle(key, handle);
    this.tables.applyHandle(connectionId, teamId, handle);
  }

  private takeSourceOrg(org: string, record: ConsumedRecord): void {
    const settings = this.read<SourceOrg>(SourceOrgs, record, (data) => data.sourceOrg === org);
    if (settings !== undefined) this.registry.applySourceOrg(org, settings);
  }

  /** The record's value, null for a tombstone, undefined when it cannot be read or stands under another's key. */
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
