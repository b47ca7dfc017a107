import {
  type Connection,
  Connections,
  Directories,
  type Directory,
  type Entry,
  entryOf,
  generationOf,
  type Handle,
  Handles,
  handleKey,
  handleKeyParts,
  type IncomingRecord,
  type SourceOrg,
  SourceOrgs,
} from '@pagebridge/contracts';
import { Fence } from './fence.ts';

/** The compacted topics that make up the registry. Who wants to know how well a directory is known follows that topic too. */
export const registryCards = [Connections.card, Handles.card, SourceOrgs.card] as const;

/** A record of one of them. */
export interface TableRecord extends IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
}

/** What is brought up to date: the registry, or who keeps more of the facts than it does. */
export interface FedRegistry {
  applyConnection(connectionId: string, connection: Connection | null): void;
  applyHandle(directory: string, teamId: string, handle: Handle | null): void;
  applySourceOrg(sourceOrg: string, settings: SourceOrg | null): void;
  applyDirectory?(directory: string, status: Directory | null): void;
  /** The connection is there, as it was before. */
  connectionUnreadable?(connectionId: string): void;
  /** A former owner of the directory wrote the team: it stays as it was here, but not in the topic. */
  handleOverwritten?(directory: string, teamId: string): void;
}

/**
 * Brings a registry to what the tables say.
 *
 * A record that cannot be read, or stands under another's key, changes nothing: what was known before keeps routing, and
 * the next record of its key takes its place. Nor does a record of a directory that a former owner wrote after its
 * successor had begun.
 */
export class RegistryFeed<Record extends TableRecord = TableRecord> {
  readonly #handles = new Fence();
  readonly #directories = new Fence();

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
        const entry = entryOf(Handles, record, ({ directory, teamId }) => handleKey(directory, teamId));
        // A tombstone may stand under any key.
        const team = handleKeyParts(key);
        if (!isStale(this.#handles, record, entry)) {
          this.apply(record, entry, (handle) => team && registry.applyHandle(...team, handle));
        } else if (team) registry.handleOverwritten?.(...team);
        return;
      }
      case Directories.card.topic: {
        const entry = entryOf(Directories, record, ({ directory }) => directory);
        if (isStale(this.#directories, record, entry)) return;
        this.apply(record, entry, (status) => registry.applyDirectory?.(key, status));
        return;
      }
      case SourceOrgs.card.topic: {
        const entry = entryOf(SourceOrgs, record, ({ sourceOrg }) => sourceOrg);
        this.apply(record, entry, (settings) => registry.applySourceOrg(key, settings));
      }
    }
  };

  /** The highest generation read in a partition of the handles; an owner writes a higher one, or its own records are stale. */
  newestGeneration(partition: number): number {
    return Math.max(this.#handles.newest(partition), this.#directories.newest(partition));
  }

  private apply<T>(record: Record, entry: Entry<T>, use: (value: T | null) => void): void {
    if (entry.kind === 'unreadable') this.onUnreadable(record, entry.detail);
    else use(entry.value);
  }
}

/** Did a former owner of its directory write it? */
const isStale = (fence: Fence, record: TableRecord, entry: Entry<{ readonly generation: number }>): boolean =>
  entry.kind !== 'unreadable' && !fence.admits(record, entry.value?.generation ?? generationOf(record));
