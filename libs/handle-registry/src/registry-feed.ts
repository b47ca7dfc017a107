import {
  type Connection,
  Connections,
  type Entry,
  entryOf,
  type Handle,
  Handles,
  handleKey,
  type IncomingRecord,
  type SourceOrg,
  SourceOrgs,
} from '@pagebridge/contracts';

/** The compacted topics that make up the registry. */
export const registryCards = [Connections.card, Handles.card, SourceOrgs.card] as const;

/** A record of one of them. */
export interface TableRecord extends IncomingRecord {
  readonly topic: string;
  readonly key: Buffer | null;
}

/** What is brought up to date: the registry, or who keeps more of the facts than it does. */
export interface FedRegistry {
  applyConnection(connectionId: string, connection: Connection | null): void;
  applyHandle(key: string, handle: Handle | null): void;
  applySourceOrg(sourceOrg: string, settings: SourceOrg | null): void;
  /** The connection is there, as it was before. */
  connectionUnreadable?(connectionId: string): void;
}

/**
 * Brings a registry to what the tables say.
 *
 * A record that cannot be read, or stands under another's key, changes nothing: what was known before keeps routing, and
 * the next record of its key takes its place.
 */
export class RegistryFeed<Record extends TableRecord = TableRecord> {
  constructor(
    private readonly registry: FedRegistry,
    private readonly onUnreadable: (record: Record, detail: string) => void,
  ) {}

  readonly take = (record: Record): void => {
    const key = record.key?.toString('utf8') ?? '';
    const { registry } = this;
    switch (record.topic) {
      case Connections.card.topic: {
        const entry = entryOf(Connections, record, ({ connectionId }) => connectionId);
        if (entry.kind === 'unreadable') registry.connectionUnreadable?.(key);
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

  private apply<T>(record: Record, entry: Entry<T>, use: (value: T | null) => void): void {
    if (entry.kind === 'unreadable') this.onUnreadable(record, entry.detail);
    else use(entry.value);
  }
}
