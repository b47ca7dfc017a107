import {
  type Connection,
  Connections,
  Directories,
  type Directory,
  type Entry,
  entryOf,
  type Handle,
  Handles,
  handleKey,
  handleKeyParts,
  type IncomingRecord,
  ownerEpochOf,
  type SourceOrg,
  SourceOrgs,
} from '@pagebridge/contracts';
import { Fence } from './fence.ts';

/** The topics from which handles are resolved. */
export const registryCards = [Connections.card, Handles.card, SourceOrgs.card] as const;
/** The topics from which handles are offered too: the status of a directory says which credentials are refused. */
export const offeringCards = [...registryCards, Directories.card] as const;

export interface TableRecord extends IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
}

/** The target of the feed: the registry, or an object that stores more of the records than the registry does. */
export interface FedRegistry {
  applyConnection(connectionId: string, connection: Connection | null): void;
  applyHandle(directory: string, teamId: string, handle: Handle | null): void;
  applySourceOrg(sourceOrg: string, settings: SourceOrg | null): void;
  applyDirectory?(directory: string, status: Directory | null): void;
  /** The connection exists, and its former state is kept. */
  connectionUnreadable?(connectionId: string): void;
  /** A former owner of the directory overwrote the team in the topic; the team is unchanged here. */
  handleOverwritten?(directory: string, teamId: string): void;
}

/**
 * Applies the records of the tables to a registry.
 *
 * A record that cannot be read, or that does not belong under its key, changes nothing: the former state is kept until the next
 * record of the key. A record that a former owner of a directory wrote after its successor began changes nothing either.
 */
export class RegistryFeed {
  readonly #handles = new Fence();
  readonly #directories = new Fence();

  constructor(private readonly registry: FedRegistry) {}

  /** Returns why the record cannot be read; undefined if it can. */
  readonly handle = (record: TableRecord): string | undefined => {
    const key = record.key?.toString('utf8') ?? '';
    const { registry } = this;
    switch (record.topic) {
      case Connections.card.topic: {
        const entry = entryOf(Connections, record, ({ connectionId }) => connectionId);
        if (entry.kind === 'unreadable') registry.connectionUnreadable?.(key);
        return applied(entry, (connection) => registry.applyConnection(key, connection));
      }
      case Handles.card.topic: {
        const entry = entryOf(Handles, record, ({ directory, teamId }) => handleKey(directory, teamId));
        // A tombstone can have any key.
        const team = handleKeyParts(key);
        if (!isStale(this.#handles, record, entry)) {
          return applied(entry, (handle) => team && registry.applyHandle(...team, handle));
        }
        if (team) registry.handleOverwritten?.(...team);
        return undefined;
      }
      case Directories.card.topic: {
        const entry = entryOf(Directories, record, ({ directory }) => directory);
        if (isStale(this.#directories, record, entry)) return undefined;
        return applied(entry, (status) => registry.applyDirectory?.(key, status));
      }
      case SourceOrgs.card.topic: {
        const entry = entryOf(SourceOrgs, record, ({ sourceOrg }) => sourceOrg);
        return applied(entry, (settings) => registry.applySourceOrg(key, settings));
      }
      default:
        return undefined;
    }
  };

  /** Returns the highest owner epoch read in a partition. A new owner needs a higher one, or its records count as stale. */
  newestEpoch(partition: number): number {
    return Math.max(this.#handles.newest(partition), this.#directories.newest(partition));
  }
}

function applied<T>(entry: Entry<T>, use: (value: T | null) => void): string | undefined {
  if (entry.kind === 'unreadable') return entry.detail;
  use(entry.value);
  return undefined;
}

/** Returns whether a former owner of the directory wrote the record. */
const isStale = (fence: Fence, record: TableRecord, entry: Entry<{ readonly ownerEpoch: number }>): boolean =>
  entry.kind !== 'unreadable' && !fence.admits(record, entry.value?.ownerEpoch ?? ownerEpochOf(record));
